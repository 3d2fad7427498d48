import { CallError } from "../call/call-error.ts";
import type { Layer } from "../call/handler.ts";
import type { Estimator } from "./estimator.ts";

/** Corrects the estimates by what each attempt has used, or was refused for; it stands inside the retries. */
export const learnUsage =
  (estimator: Estimator): Layer =>
  (next) =>
    async function learnUsage(call, context) {
      try {
        const reply = await next(call, context);
        estimator.learn(call, reply);
        return reply;
      } catch (error) {
        const requested =
          error instanceof CallError && error.exceeded === "tokens" ? error.quota?.requested : undefined;
        if (requested !== undefined) estimator.learnRequested(call, requested);
        throw error;
      }
    };
