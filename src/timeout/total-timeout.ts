import { CallError } from "../call/call-error.ts";
import type { Layer } from "../call/handler.ts";

/** The caller's patience: ends a call, with all its waiting and retries, after `totalMs`; Infinity is for ever. */
export const totalTimeout =
  (defaultMs: number): Layer =>
  (next) =>
    async function totalTimeout(call, context) {
      const { clock } = context;
      const totalMs = context.timeouts?.totalMs ?? defaultMs;
      if (totalMs === Infinity) return next(call, context);
      const endsAt = clock.now() + totalMs;
      const timer = clock.schedule(endsAt, () => {
        context.cancel(
          new CallError("timeout", `The call took longer than its total of ${totalMs} ms`, { retryable: false }),
        );
      });
      try {
        return await next(call, { ...context, deadlineAt: Math.min(endsAt, context.deadlineAt ?? Infinity) });
      } finally {
        timer[Symbol.dispose]();
      }
    };
