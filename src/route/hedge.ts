import type { Call } from "../call/call.ts";
import type { Layer } from "../call/handler.ts";
import type { Clock } from "../time/clock.ts";
import { type ControllerSource, freshControllers } from "../time/controller-source.ts";
import { type HedgeOptions, hedgeSettings } from "./hedge-options.ts";
import { HedgedCall } from "./hedged-call.ts";
import { StragglerWatch } from "./straggler-watch.ts";

/** What the hedge layer needs beside its options. */
export interface HedgeParts extends HedgeOptions {
  readonly clock: Clock;
  readonly controllers?: ControllerSource;
}

/**
 * Makes a call that hangs at the end of many a second time, and takes the first success: a batch need not wait for its
 * slowest call (the backup tasks of Dean and Ghemawat, "MapReduce", 2004). The second attempt is an attempt like any other: it stands in line
 * and pays its quota.
 *
 * It stands between retry and breaker. Streams that somebody reads are never made twice.
 */
export const hedge = ({ clock, controllers = freshControllers, ...options }: HedgeParts): Layer => {
  const { idempotent, ...budget } = hedgeSettings(options);
  const watch = new StragglerWatch({ clock, ...budget });
  return (next) =>
    async function hedge(call, context) {
      const { isLast, onEvent, attempt } = context;
      if (isLast === undefined || onEvent !== undefined || !(idempotent || isHarmless(call)))
        return next(call, context);
      if (attempt <= 1) watch.counted(isLast());
      return new HedgedCall({ call, context, next, watch, controllers }).run();
    };
};

/** Made twice it does nothing but cost: it leaves nothing behind at the provider, and calls for no deeds. */
const isHarmless = ({ body }: Call): boolean => {
  const { store, background, tools, functions } = body;
  return store !== true && background !== true && isNone(tools) && isNone(functions);
};

const isNone = (list: unknown): boolean =>
  list === undefined || list === null || (Array.isArray(list) && list.length === 0);
