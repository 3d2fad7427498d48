import type { StreamEvent } from "../../call/stream-event.ts";
import type { EventFraming } from "./event-framing.ts";

/** What lies ready for a slow reader before its slowness slows the provider: more than nearly every whole answer. */
const mostReadyBytes = 2 ** 20;

/**
 * The body of a streamed answer: events as the wire format writes them, from the moment that something of the answer
 * has come. What comes before is kept back, for until then the call may be made again.
 */
export class EventBody {
  readonly stream: ReadableStream<Uint8Array>;
  /** Settles when the answer has begun. */
  readonly begun: Promise<void>;
  readonly #framing: EventFraming;
  readonly #encoder = new TextEncoder();
  #held = "";
  #empty = true;
  #released = false;
  #flowing = false;
  #begin: () => void = () => {};
  #pulled: (() => void) | undefined;
  #controller: ReadableStreamDefaultController<Uint8Array> | undefined;

  constructor(framing: EventFraming, onCancel: (reason: unknown) => void) {
    this.#framing = framing;
    this.begun = new Promise((resolve) => {
      this.#begin = resolve;
    });
    this.stream = new ReadableStream<Uint8Array>(
      {
        start: (controller) => void (this.#controller = controller),
        pull: () => this.#resume(),
        cancel: (reason) => {
          this.#controller = undefined;
          this.#resume();
          onCancel(reason);
        },
      },
      { highWaterMark: mostReadyBytes, size: (chunk) => chunk?.byteLength ?? 0 },
    );
  }

  /** A new attempt: nothing that an earlier one brought was handed on. */
  restart(): void {
    if (this.#flowing) return;
    this.#held = "";
    this.#empty = true;
  }

  add(event: StreamEvent): void | Promise<void> {
    const text = this.#framing.written(event.body, this.#empty);
    this.#empty = false;
    if (!this.#flowing && !event.content) {
      this.#held += text;
      return undefined;
    }
    if (!this.#flowing) {
      this.#flowing = true;
      this.#begin();
    }
    return this.#write(this.#takeHeld() + text);
  }

  /** The answer is whole. */
  end(): void {
    this.#flowing = true;
    this.#enqueue(this.#takeHeld() + this.#framing.last(this.#empty));
    this.#controller?.close();
    this.#begin();
  }

  fail(error: unknown): void {
    this.#controller?.error(error);
    this.#begin();
  }

  /** The client is closing: the call is to end even if nobody reads, so the reader's slowness counts no more. */
  release(): void {
    this.#released = true;
    this.#resume();
  }

  #takeHeld(): string {
    const held = this.#held;
    this.#held = "";
    return held;
  }

  #enqueue(text: string): void {
    if (text !== "") this.#controller?.enqueue(this.#encoder.encode(text));
  }

  #write(text: string): void | Promise<void> {
    this.#enqueue(text);
    if (this.#released || (this.#controller?.desiredSize ?? 1) > 0) return undefined;
    return new Promise((resolve) => {
      this.#pulled = resolve;
    });
  }

  #resume(): void {
    const pulled = this.#pulled;
    this.#pulled = undefined;
    pulled?.();
  }
}
