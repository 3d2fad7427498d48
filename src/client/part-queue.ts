import type { CallError } from "../call/call-error.ts";
import type { ChatPart } from "./chat-reply.ts";

/** So many parts may lie ready before the reader's slowness slows the stream. */
const maxReady = 16;

/** Hands parts from a call to the loop that reads them; a slow reader makes `push` return a promise. */
export class PartQueue {
  readonly #ready: ChatPart[] = [];
  #ended = false;
  #error: CallError | undefined;
  #wakeReader: (() => void) | undefined;
  #wakeWriter: (() => void) | undefined;

  push(part: ChatPart): void | Promise<void> {
    this.#ready.push(part);
    this.#wakeReader?.();
    if (this.#ready.length < maxReady) return undefined;
    return new Promise((resolve) => {
      this.#wakeWriter = resolve;
    });
  }

  /** Nothing more comes; with an error, the reader gets it after what lies ready. */
  end(error?: CallError): void {
    this.#ended = true;
    this.#error = error;
    this.#wakeReader?.();
  }

  /** The reader has left: whoever waits to push goes on. */
  abandon(): void {
    this.#wakeWriter?.();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<ChatPart, void, undefined> {
    for (;;) {
      const part = this.#ready.shift();
      if (part !== undefined) {
        if (this.#ready.length === 0) this.#resumeWriter();
        yield part;
      } else if (this.#ended) break;
      else await this.#arrival();
    }
    if (this.#error !== undefined) throw this.#error;
  }

  #arrival(): Promise<void> {
    return new Promise((resolve) => {
      this.#wakeReader = () => {
        this.#wakeReader = undefined;
        resolve();
      };
    });
  }

  #resumeWriter(): void {
    const wake = this.#wakeWriter;
    this.#wakeWriter = undefined;
    wake?.();
  }
}
