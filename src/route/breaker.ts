import { CallError, type CallErrorCode } from "../call/call-error.ts";
import type { Layer } from "../call/handler.ts";
import type { BreakerPass } from "./breaker-pass.ts";
import type { Breakers } from "./breakers.ts";
import type { Verdict } from "./circuit-breaker.ts";

/**
 * Leaves a failing deployment alone. While it is open a call of many waits for its turn, and a call alone fails at once
 * with `overloaded`.
 *
 * It stands between retry and limit, and learns from `attempt-start` when an attempt leaves our own queue: until then
 * it is called back when the breaker opens, so the queue that the limiter holds is not sent into an outage.
 */
export const breaker =
  (breakers: Breakers): Layer =>
  (next) =>
    async function breaker(call, context) {
      const gate = breakers.of(call.deployment ?? call.model.provider);
      for (;;) {
        const entered = gate.enter(call, context);
        const pass: BreakerPass = entered instanceof Promise ? await entered : entered;
        try {
          const reply = await next(call, pass.context);
          pass.end("succeeded");
          return reply;
        } catch (error) {
          if (pass.recalled) continue;
          const verdict = context.signal.aborted ? "unknown" : verdictOf(error);
          if (verdict === "failed" || verdict === "unreachable") gate.failed(error);
          pass.end(verdict);
          throw error;
        } finally {
          pass[Symbol.dispose]();
        }
      }
    };

const verdictOf = (error: unknown): Verdict => {
  if (!(error instanceof CallError)) return "unknown";
  return error.unreachable ? "unreachable" : verdicts[error.code];
};

/** A refusal shows that somebody is there; a 429 is the limiter's affair. */
const verdicts: Readonly<Record<CallErrorCode, Verdict>> = {
  overloaded: "failed",
  server: "failed",
  network: "failed",
  timeout: "failed",
  auth: "answered",
  invalid_request: "answered",
  context_length: "answered",
  content_filter: "answered",
  not_found: "answered",
  too_large: "answered",
  throttled: "unknown",
  quota_exhausted: "unknown",
  malformed: "failed",
  interrupted: "unknown",
  schema: "unknown",
  cancelled: "unknown",
  budget: "unknown",
  queue_full: "unknown",
  closed: "unknown",
};
