import { CallError } from "../call/call-error.ts";
import type { CallEvent } from "../call/call-event.ts";
import type { Context, Progress } from "../call/context.ts";
import type { Layer } from "../call/handler.ts";
import type { Reply } from "../call/reply.ts";
import { replyFacts } from "./reply-facts.ts";

/** Tells a listener what happens to each call, from its start to its one end; the caller's own listener hears it too. */
export const observe =
  (listener: (event: CallEvent) => void): Layer =>
  (next) =>
    async function observe(call, context) {
      const { clock } = context;
      const story = new Story(context, listener);
      const startedAt = clock.now();
      story.tell({ type: "call-start", at: startedAt, id: call.id, model: call.model, operation: call.operation });
      const end = (what: Ending): void => {
        const at = clock.now();
        const { attemptMs } = story;
        const last = attemptMs === undefined ? {} : { attemptMs };
        story.tell({ type: "call-end", at, id: call.id, totalMs: at - startedAt, ...last, ...what });
      };
      let reply: Reply;
      try {
        reply = await next(call, { ...context, observe: story.tell, onProgress: story.onProgress });
      } catch (error) {
        end({ code: error instanceof CallError ? error.code : "server" });
        throw error;
      }
      // Outside the `try`: a listener that throws here must not hear of a second end.
      end(endingOf(reply));
      return reply;
    };

/** What a call ended with. */
type Ending = Pick<Extract<CallEvent, { type: "call-end" }>, "code" | "usage" | "cost" | "reused" | "reply">;

const endingOf = (reply: Reply): Ending => {
  const { usage, cost, reused } = reply;
  // What another call has used is told once, at the end of that one.
  if (reused !== undefined) return { reply: replyFacts(reply), reused };
  return {
    reply: replyFacts(reply),
    ...(usage === undefined ? {} : { usage }),
    ...(cost === undefined ? {} : { cost }),
  };
};

/** Passes the events of one call on, adds the first content of each attempt, and remembers how long the last one took. */
class Story {
  attemptMs: number | undefined;
  readonly #context: Context;
  readonly #listener: (event: CallEvent) => void;
  #attempt: Extract<CallEvent, { type: "attempt-start" }> | undefined;

  constructor(context: Context, listener: (event: CallEvent) => void) {
    this.#context = context;
    this.#listener = listener;
  }

  readonly tell = (event: CallEvent): void => {
    if (event.type === "attempt-start") this.#attempt = event;
    else if (event.type === "attempt-end") this.attemptMs = event.elapsedMs;
    this.#listener(event);
    this.#context.observe(event);
  };

  readonly onProgress = (progress: Progress): void => {
    if (progress === "content" && this.#attempt !== undefined) {
      const { id, attempt, at: startedAt } = this.#attempt;
      const at = this.#context.clock.now();
      this.#attempt = undefined;
      this.tell({ type: "first-content", at, id, attempt, afterMs: at - startedAt });
    }
    this.#context.onProgress?.(progress);
  };
}
