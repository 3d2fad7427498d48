import type { Layer } from "../call/handler.ts";
import { type ControllerSource, freshControllers } from "../time/controller-source.ts";
import type { AttemptLimits } from "./attempt-clock.ts";
import { AttemptWatch } from "./attempt-watch.ts";

/** Ends an attempt that takes too long as a whole, to its first content, or in silence. It stands inside the limiter: our own queue is not the provider's slowness. */
export const attemptTimeout =
  (limits: AttemptLimits, controllers: ControllerSource = freshControllers): Layer =>
  (next) =>
    async function attemptTimeout(call, context) {
      const watch = new AttemptWatch(call, context, limits, controllers);
      const { signal, onProgress } = watch;
      try {
        return await next(call, { ...context, signal, onProgress, onEvent: context.onEvent && watch.onEvent });
      } finally {
        watch[Symbol.dispose]();
      }
    };
