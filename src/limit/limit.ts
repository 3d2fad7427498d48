import { CallError, cancellation } from "../call/call-error.ts";
import type { Layer } from "../call/handler.ts";
import type { Limiter } from "../call/limiter.ts";

/** Waits for a permit before each attempt, holds it to the last byte, and settles it with what happened. */
export const limit =
  (limiter: Limiter): Layer =>
  (next) =>
    async function limit(call, context) {
      const { clock, signal, attempt, observe } = context;
      const queuedAt = clock.now();
      const permit = await limiter.acquire(call, context);
      if (signal.aborted) {
        permit[Symbol.dispose]();
        throw cancellation(signal.reason);
      }
      const startedAt = clock.now();
      try {
        observe({ type: "attempt-start", at: startedAt, id: call.id, attempt, queuedMs: startedAt - queuedAt });
        const reply = await next(call, {
          ...context,
          onReading: (reading) => permit.observe(reading),
          onOutput: (outputTokens) => permit.produced(outputTokens),
        });
        permit.settle(reply.usage === undefined ? { ok: true } : { ok: true, usage: reply.usage });
        const at = clock.now();
        observe({ type: "attempt-end", at, id: call.id, attempt, elapsedMs: at - startedAt, status: reply.status });
        return reply;
      } catch (error) {
        const failure = failureOf(error);
        permit.settle({ ok: false, error: failure });
        const status = failure.status === undefined ? {} : { status: failure.status };
        const at = clock.now();
        const { code } = failure;
        observe({ type: "attempt-end", at, id: call.id, attempt, elapsedMs: at - startedAt, code, ...status });
        throw error;
      }
    };

/** Whatever was thrown, the request may have gone out: the attempt is not free. */
const failureOf = (error: unknown): CallError =>
  error instanceof CallError ? error : new CallError("server", String(error), { cause: error });
