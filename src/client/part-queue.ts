import type { CallError } from "../call/call-error.ts";
import type { ChatPart } from "./chat-reply.ts";

/** So many parts may lie ready before the reader's slowness slows the stream. */
const maxReady = 16;

/** Hands parts from a call to the loop that reads them; a slow reader makes `push` return a promise. */
export class PartQueue {
  readonly #ready: ChatPart[] = [];
  #ended = false;
  #abandoned = false;
  #released = false;
  #error: CallError | undefined;
  #wakeReader: (() => void) | undefined;
  #wakeWriter: (() => void) | undefined;

  push(part: ChatPart): void | Promise<void> {
    if (this.#abandoned) return undefined;
    this.#ready.push(part);
    this.#wakeReader?.();
    if (this.#ready.length < maxReady || this.#released) return undefined;
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

  /** The reader has left: nothing more is kept, and whoever waits to push goes on. */
  abandon(): void {
    this.#abandoned = true;
    this.#resumeWriter();
  }

  /** The client is closing: the call is to end even if nobody reads, so the reader's slowness counts no more. */
  release(): void {
    this.#released = true;
    this.#resumeWriter();
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
