import type { Context } from "../call/context.ts";
import type { StreamEvent } from "../call/stream-event.ts";

type Listener = NonNullable<Context["onEvent"]>;

/**
 * What of a stream has reached its reader. Content that was handed over cannot be taken back, so from then on a
 * failure is final; before, a retry is invisible.
 */
export class Delivery {
  /** Whether content was handed over. */
  begun = false;
  readonly #listener: Listener;
  #text = "";

  constructor(listener: Listener) {
    this.#listener = listener;
  }

  /** The text handed over so far; nothing when none was. */
  get partial(): { readonly partial?: string } {
    return this.begun ? { partial: this.#text } : {};
  }

  readonly onEvent = (event: StreamEvent): void | Promise<void> => {
    if (event.content) this.begun = true;
    this.#text += event.text;
    return this.#listener(event);
  };
}
