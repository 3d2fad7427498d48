import type { Handler } from "../../src/call/handler.ts";
import type { QuotaReading } from "../../src/call/limiter.ts";
import type { Clock } from "../../src/time/clock.ts";
import type { Rng } from "../../src/time/rng.ts";
import type { HeaderTrouble } from "./world-plan.ts";

/** Headers that get lost, say nonsense, or tell of a time long past. */
export const troubledHeaders = (next: Handler, trouble: HeaderTrouble, clock: Clock, rng: Rng): Handler => {
  const { lost, sentinels, lagMs } = trouble;
  let held: { readonly at: number; readonly reading: QuotaReading } | undefined;
  /** A proxy that stands between says what it heard some time ago. */
  const lagged = (reading: QuotaReading): QuotaReading => {
    if (lagMs === 0) return reading;
    const said = held ?? { at: clock.now(), reading };
    if (held === undefined || clock.now() - held.at >= lagMs) held = { at: clock.now(), reading };
    return said.reading;
  };
  return (call, context) => {
    const { onReading } = context;
    if (onReading === undefined) return next(call, context);
    return next(call, {
      ...context,
      onReading: (reading) => {
        if (rng() < lost) return;
        onReading(rng() < sentinels ? reading.map((level) => ({ ...level, ...nonsense })) : lagged(reading));
      },
    });
  };
};

/** What some gateways send where they have nothing to say. */
const nonsense = { limit: -1, remaining: -1, resetMs: 0 } as const;
