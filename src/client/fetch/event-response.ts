import type { JsonObject } from "../../call/json.ts";
import type { Operation } from "../../call/call.ts";
import type { StreamEvent } from "../../call/stream-event.ts";

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
  readonly #operation: Operation;
  readonly #encoder = new TextEncoder();
  #held = "";
  #flowing = false;
  #begin: () => void = () => {};
  #pulled: (() => void) | undefined;
  #controller: ReadableStreamDefaultController<Uint8Array> | undefined;

  constructor(operation: Operation, onCancel: (reason: unknown) => void) {
    this.#operation = operation;
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
    if (!this.#flowing) this.#held = "";
  }

  add(event: StreamEvent): void | Promise<void> {
    const text = written(this.#operation, event.body);
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
    const last = this.#operation === "chat" ? "data: [DONE]\n\n" : "";
    this.#enqueue(this.#takeHeld() + last);
    this.#controller?.close();
    this.#begin();
  }

  fail(error: unknown): void {
    this.#controller?.error(error);
    this.#begin();
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
    if ((this.#controller?.desiredSize ?? 1) > 0) return undefined;
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

/** Anthropic's and the newer OpenAI events carry their type as their name, too, and some clients heed nothing else. */
const written = (operation: Operation, body: JsonObject): string => {
  const { type } = body;
  const named = (operation === "messages" || operation === "responses") && typeof type === "string";
  return `${named ? `event: ${type}\n` : ""}data: ${JSON.stringify(body)}\n\n`;
};
