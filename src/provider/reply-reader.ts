import { CallError, cancellation } from "../call/call-error.ts";
import { isJsonObject, type JsonValue } from "../call/json.ts";
import type { Reply } from "../call/reply.ts";
import type { StreamEvent } from "../call/stream-event.ts";
import { Answer } from "./answer.ts";
import type { AttemptFacts } from "./attempt-facts.ts";
import { connectionError } from "./connection-error.ts";
import { createEventStream, type EventStream, type ServerSentEvent } from "./event-stream.ts";
import { excerpt } from "./excerpt.ts";
import type { HttpHeaders, HttpSink } from "./http-contract.ts";
import { OutputMeter } from "./output-meter.ts";
import { parsedJson } from "./parsed-json.ts";
import { readQuotas } from "./rate-limit-headers.ts";
import type { StreamCollector, WireFormat } from "./wire-format.ts";
import { onAbort } from "../time/on-abort.ts";

/** Options of a `ReplyReader`. */
export interface ReplyReaderOptions {
  readonly facts: AttemptFacts;
  readonly format: WireFormat;
  /** Whether the call asked for a stream. */
  readonly streamed: boolean;
  readonly maxBodyBytes: number;
}

interface OpenStream {
  readonly events: EventStream;
  readonly collector: StreamCollector;
  readonly meter: OutputMeter | undefined;
}

/** What is kept of an error's body; the rest is dropped. */
const maxErrorBytes = 2 ** 20;

/** Reads one response, whole or as a stream, into a reply or a `CallError`. */
export class ReplyReader implements HttpSink {
  readonly #facts: AttemptFacts;
  readonly #format: WireFormat;
  readonly #streamed: boolean;
  readonly #maxBodyBytes: number;
  #answer: Answer | undefined;
  #stream: OpenStream | undefined;
  /** It may take the first byte to tell a stream from a whole body. */
  #undecided = true;
  readonly #chunks: Buffer[] = [];
  #bytes = 0;
  #sent = false;
  /** Read and not yet handed on. */
  #events: ServerSentEvent[] = [];

  constructor({ facts, format, streamed, maxBodyBytes }: ReplyReaderOptions) {
    this.#facts = facts;
    this.#format = format;
    this.#streamed = streamed;
    this.#maxBodyBytes = maxBodyBytes;
  }

  get finished(): boolean {
    return this.#stream?.collector.finished ?? false;
  }

  sending(): void {
    this.#sent = true;
  }

  head(status: number, headers: HttpHeaders): void {
    const { context, vendor } = this.#facts;
    this.#answer = new Answer(this.#facts, this.#format, status, headers);
    context.onProgress?.("head");
    context.onHead?.(status, headers);
    const reading = context.onReading === undefined ? undefined : readQuotas(headers, vendor);
    if (reading !== undefined) context.onReading?.(reading);
  }

  chunk(bytes: Buffer): void | Promise<void> {
    const answer = this.#answer;
    if (answer === undefined) return;
    if (!answer.isReadable()) return;
    if (this.#undecided) this.#decide(answer, bytes);
    if (this.#stream === undefined) return this.#collect(answer, bytes);
    this.#feed(answer, this.#stream.events, bytes);
    return this.#deliver(answer, this.#stream);
  }

  /** The reply of a response that has ended. */
  async reply(): Promise<Reply> {
    const answer = this.#answer;
    if (answer === undefined) throw connectionError(this.#facts, new Error("it ended without an answer"));
    if (!answer.succeeded) throw this.#answeredError(answer);
    if (this.#stream === undefined) return this.#wholeReply(answer);
    const { events, collector } = this.#stream;
    if (!collector.finished) {
      this.#feed(answer, events, undefined);
      await this.#unlessAborted(this.#deliver(answer, this.#stream));
    }
    return this.#streamedReply(answer);
  }

  /** What became of a call whose exchange failed. A stream that had ended by its protocol has not failed. */
  rescue(error: unknown): Reply {
    this.#stream?.meter?.end();
    const { signal } = this.#facts.context;
    const answer = this.#answer;
    const ended = this.#stream?.collector.complete === true;
    if (signal.aborted) {
      const reason = cancellation(signal.reason);
      if (answer !== undefined && ended && reason.code === "timeout") return this.#streamedReply(answer);
      throw reason;
    }
    if (error instanceof CallError) throw error;
    if (answer === undefined) throw connectionError(this.#facts, error, this.#sent);
    if (!answer.succeeded) throw this.#answeredError(answer);
    if (ended) return this.#streamedReply(answer);
    throw answer.malformed(`a body that was cut after ${this.#bytes} bytes`, error);
  }

  /** By its first byte and its type: gateways name the wrong type, and errors come in place of streams. */
  #decide(answer: Answer, bytes: Buffer): void {
    const type = answer.headers["content-type"] ?? "";
    const named = type.includes("event-stream");
    const lead = bytes.find((byte) => byte > 32);
    if (lead === undefined && !named) return;
    this.#undecided = false;
    const markup = lead === 0x7b || lead === 0x5b || lead === 0x3c;
    const wanted = named || (this.#streamed && !/json|html/.test(type));
    if (!answer.succeeded || markup || !wanted) return;
    const onEvent = (event: ServerSentEvent): void => void this.#events.push(event);
    const { clock, onOutput } = this.#facts.context;
    this.#stream = {
      events: createEventStream({ onEvent }),
      collector: this.#format.createCollector(),
      meter: onOutput === undefined ? undefined : new OutputMeter(clock, onOutput),
    };
  }

  /** Too long a body is not asked for again: it would only be paid again. Blank lines in front of it only keep the connection. */
  #collect(answer: Answer, bytes: Buffer): void {
    if (!this.#undecided) this.#facts.context.onProgress?.("body");
    this.#bytes += bytes.length;
    if (!answer.succeeded && this.#bytes > maxErrorBytes) return;
    if (this.#bytes > this.#maxBodyBytes) {
      throw answer.malformed(`a body of more than ${this.#maxBodyBytes} bytes`).with({ retryable: false });
    }
    this.#chunks.push(bytes);
  }

  #feed(answer: Answer, events: EventStream, bytes: Buffer | undefined): void {
    this.#bytes += bytes?.length ?? 0;
    try {
      if (bytes === undefined) events.end();
      else events.feed(bytes);
    } catch (error) {
      throw answer.malformed("a stream that cannot be read", error).with({ retryable: false });
    }
  }

  /** Hands on what has been read; goes on after each promise of the reader. */
  #deliver(answer: Answer, stream: OpenStream): void | Promise<void> {
    const events = this.#events;
    for (let next = 0; next < events.length; next++) {
      const event = events[next];
      if (event === undefined || stream.collector.finished || this.#facts.context.signal.aborted) break;
      const wait = this.#take(answer, stream, event);
      if (wait === undefined) continue;
      this.#events = events.slice(next + 1);
      return wait.then(() => this.#deliver(answer, stream));
    }
    this.#events = [];
  }

  #take(answer: Answer, { collector, meter }: OpenStream, { name, data }: ServerSentEvent): void | Promise<void> {
    if (data === "" || collector.addText(data)) return;
    const body = parsedJson(data);
    if (name === "error" || (isJsonObject(body) && answer.failed(body))) throw answer.error(data, body);
    if (!isJsonObject(body)) throw answer.malformed(`an event that is not a JSON object: ${excerpt(data, 120)}`);
    const event = collector.add(body);
    meter?.add(event, collector);
    if (collector.length > this.#maxBodyBytes) {
      throw answer.malformed(`a stream of more than ${this.#maxBodyBytes} characters`).with({ retryable: false });
    }
    return this.#hand(event);
  }

  #hand(event: StreamEvent): void | Promise<void> {
    const { context } = this.#facts;
    if (event.content) context.onProgress?.("content");
    try {
      const wait = context.onEvent?.(event);
      return wait instanceof Promise ? wait.catch(readerFailed) : undefined;
    } catch (error) {
      readerFailed(error);
    }
  }

  async #wholeReply(answer: Answer): Promise<Reply> {
    const text = this.#text();
    const value = parsedJson(text);
    const body = Array.isArray(value) ? (value as readonly JsonValue[])[0] : value;
    if (!isJsonObject(body)) throw answer.malformed(unreadable(text));
    if (answer.failed(body)) throw answer.error(text, body);
    if (!this.#format.isAnswer(body)) {
      if (typeof body["message"] === "string") throw answer.error(text, body);
      throw answer.malformed(`a body without an answer: ${excerpt(text)}`);
    }
    const reply = answer.reply(body);
    if (this.#streamed) {
      await this.#unlessAborted(this.#hand({ body, text: this.#format.text(body), content: true }));
    }
    return reply;
  }

  #streamedReply(answer: Answer): Reply {
    const collector = this.#stream?.collector;
    this.#stream?.meter?.end();
    if (collector?.complete === true) return answer.reply(collector.body());
    throw answer.malformed(`a stream that ended before its last event, after ${this.#bytes} bytes`);
  }

  /** A reader that never comes back must not keep a cancelled call. */
  #unlessAborted(wait: void | Promise<void>): void | Promise<void> {
    if (wait === undefined) return;
    const { signal } = this.#facts.context;
    return new Promise((resolve, reject) => {
      const stop = (): void => reject(cancellation(signal.reason));
      if (signal.aborted) stop();
      const unfollow = onAbort(signal, stop);
      wait.then(resolve, reject).finally(unfollow).catch(reject);
    });
  }

  #answeredError(answer: Answer): CallError {
    const text = this.#text();
    return answer.error(text, parsedJson(text));
  }

  #text(): string {
    return Buffer.concat(this.#chunks)
      .toString("utf8")
      .replace(/^\uFEFF/, "");
  }
}

const unreadable = (text: string): string => {
  if (text.trim() === "") return "an empty body";
  return `${/^\s*</.test(text) ? "an HTML page" : "a body that is not JSON"}: ${excerpt(text)}`;
};

const readerFailed = (error: unknown): never => {
  throw cancellation(error);
};
