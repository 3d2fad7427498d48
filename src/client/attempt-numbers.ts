import type { CallEvent } from "../call/call-event.ts";
import type { Context } from "../call/context.ts";

/** Counts the attempts of one call through, where it is handed down several times, as if it were new each time. */
export class AttemptNumbers {
  /** How often it was handed down. */
  turns = 0;
  #attempts = 0;

  /** The context for the next time. */
  continued(context: Context): Context {
    this.turns += 1;
    const before = this.#attempts;
    const observe = (event: CallEvent): void => {
      if (!("attempt" in event)) return context.observe(event);
      this.#attempts = before + event.attempt;
      context.observe({ ...event, attempt: this.#attempts });
    };
    return { ...context, observe };
  }
}
