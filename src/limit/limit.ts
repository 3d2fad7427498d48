import { CallError, cancellation } from "../call/call-error.ts";
import type { CallEvent } from "../call/call-event.ts";
import type { Call } from "../call/call.ts";
import type { Layer } from "../call/handler.ts";
import type { Limiter } from "../call/limiter.ts";

/**
 * Waits for a permit before each attempt, holds it to the last byte, and settles it with what happened. An attempt that
 * has waited until less time is left than an answer usually takes is not made: it would be paid for and cut off.
 *
 * @param usualMs how long a call usually takes to bring something.
 * @param isFinal whether a failure is of a kind that is not tried again.
 */
export const limit =
  (
    limiter: Limiter,
    usualMs: (call: Call) => number = () => 0,
    isFinal: (failure: CallError) => boolean = ({ retryable }) => !retryable,
  ): Layer =>
  (next) =>
    async function limit(call, context) {
      const { clock, signal, attempt, observe, deadlineAt = Infinity } = context;
      const queuedAt = clock.now();
      const permit = await limiter.acquire(call, context);
      if (signal.aborted) {
        permit[Symbol.dispose]();
        throw cancellation(signal.reason);
      }
      const startedAt = clock.now();
      if (startedAt > queuedAt && deadlineAt - startedAt < usualMs(call)) {
        permit[Symbol.dispose]();
        throw tooLate(call, deadlineAt - startedAt);
      }
      try {
        const { id, deployment } = call;
        const queuedMs = startedAt - queuedAt;
        const where = deployment === undefined ? {} : { deployment };
        observe({ type: "attempt-start", at: startedAt, id, attempt, queuedMs, ...where });
        // Whoever heard that may have kept the request back.
        if (signal.aborted) throw cancellation(signal.reason);
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
        const failure = failureOf(error, signal);
        permit.settle({ ok: false, error: failure });
        const at = clock.now();
        const final = context.elsewhere !== true && isFinal(failure);
        const elapsedMs = at - startedAt;
        observe({ type: "attempt-end", at, id: call.id, attempt, elapsedMs, ...toldOf(failure, final) });
        throw error;
      }
    };

const tooLate = ({ id }: Call, leftMs: number): CallError =>
  new CallError(
    "timeout",
    `Not sent: when the turn of call ${id} came, ${Math.max(0, Math.floor(leftMs))} ms were left of its time, less than an answer usually takes; give it more time in total, send less at once, or raise the limits`,
    { retryable: false, tooLate: true },
  );

const toldOf = (
  { code, status, unreachable }: CallError,
  final: boolean,
): Partial<Extract<CallEvent, { type: "attempt-end" }>> => ({
  code,
  ...(status === undefined ? {} : { status }),
  ...(unreachable ? { unreachable } : {}),
  ...(final ? { final } : {}),
});

/** Whatever was thrown, the request may have gone out: the attempt is not free. */
const failureOf = (error: unknown, { aborted, reason }: AbortSignal): CallError => {
  if (error instanceof CallError) return error;
  return aborted ? cancellation(reason) : new CallError("server", String(error), { cause: error });
};
