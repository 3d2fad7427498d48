import type { Call } from "../call/call.ts";
import type { Context } from "../call/context.ts";
import type { Layer } from "../call/handler.ts";
import { type ControllerSource, freshControllers } from "../time/controller-source.ts";
import type { ContentKey } from "./content-key.ts";
import { SharedCall } from "./shared-call.ts";

/** What decides which calls are one. */
export interface CoalesceOptions {
  readonly key: ContentKey;
  readonly controllers?: ControllerSource;
}

/**
 * Makes calls that ask the same at the same time as one call, in the place in line of the first; each of them keeps its own
 * signal. It stands inside the total deadline, so that each keeps its own patience, too. A stream that somebody reads is made
 * by itself.
 */
export const coalesce = ({ key, controllers = freshControllers }: CoalesceOptions): Layer => {
  const shared = new Map<string, SharedCall>();
  return (next) =>
    async function coalesce(call, context) {
      const alone = context.onEvent !== undefined || context.signal.aborted;
      const content = alone ? undefined : key(call, context);
      if (content === undefined) return next(call, context);
      const name = `${content} ${manner(call, context)}`;
      const known = shared.get(name);
      if (known !== undefined) return known.join(call, context);
      const made = new SharedCall(next, controllers, () => {
        // A call that everybody has left may end when the next one is long under way.
        if (shared.get(name) === made) shared.delete(name);
      });
      shared.set(name, made);
      return made.join(call, context);
    };
};

/** What makes a difference to how a call fails, or to what it may be answered with. */
const manner = ({ deployment = "" }: Call, { ofMany, elsewhere, fresh }: Context): string =>
  `${deployment} ${ofMany === true} ${elsewhere === true} ${fresh === true}`;
