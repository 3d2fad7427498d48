import { CallError } from "../../call/call-error.ts";
import type { StreamEvent } from "../../call/stream-event.ts";
import { isJsonObject } from "../../call/json.ts";
import { onAbort } from "../../time/on-abort.ts";
import type { Clock } from "../../time/clock.ts";
import type { CallRunner } from "../call-runner.ts";
import type { CallAddress, AddressBook } from "./address-book.ts";
import { errorResponse } from "./error-response.ts";
import { framingOf } from "./event-framing.ts";
import { EventBody } from "./event-response.ts";
import { asksModel, type RecognizedRequest, recognized } from "./recognized-request.ts";
import { type SentRequest, sentRequest } from "./sent-request.ts";

/** The same as the global `fetch`. */
export type Fetch = typeof globalThis.fetch;

/** What a drop-in fetch needs. */
export interface FetchParts {
  readonly runner: CallRunner;
  readonly addresses: AddressBook;
  readonly nextIndex: () => number;
  /** Sends what no limit counts. */
  readonly passOn: Fetch;
  readonly clock: Clock;
  /** Aborts when the client closes. */
  readonly closing: AbortSignal;
  /** Says something once that the user should know. */
  readonly warn: (message: string) => void;
}

/**
 * A `fetch` for other clients' SDKs: requests that ask a model pass the limits, retries and timeouts of the client and go
 * to the SDK's own address with its own key; all others are passed on as they are.
 */
export const createFetch = (parts: FetchParts): Fetch => {
  let warned = false;
  const warnOfQueue = (): void => {
    if (!warned) parts.warn(queueWarning);
    warned = true;
  };
  return async function fetch(input, init) {
    const sent = await sentRequest(input, init, asksModel);
    const asked = recognized(sent);
    if (asked === undefined) return parts.passOn(input, sent.init);
    const address = parts.addresses.of(sent, asked);
    return new FetchedCall(parts, sent, asked, address, warnOfQueue).response();
  };
};

const queueWarning =
  "A signal ended a call that had spent most of its time in the queue of the limits. The timeout of an SDK counts that waiting too: " +
  "give it the options of llm.clientOptions(…), which leave timeouts and retries to the client";

/** One request of an SDK on its way. */
class FetchedCall {
  readonly #parts: FetchParts;
  readonly #sent: SentRequest;
  readonly #asked: RecognizedRequest;
  readonly #address: CallAddress;
  readonly #warnOfQueue: () => void;
  readonly #controller = new AbortController();
  #headers: Record<string, string> = {};
  readonly #receivedAt: number;
  /** When its last attempt began; while it waits, in the future. */
  #startedAt = Infinity;

  constructor(
    parts: FetchParts,
    sent: SentRequest,
    asked: RecognizedRequest,
    address: CallAddress,
    warnOfQueue: () => void,
  ) {
    this.#parts = parts;
    this.#sent = sent;
    this.#asked = asked;
    this.#address = address;
    this.#warnOfQueue = warnOfQueue;
    this.#receivedAt = parts.clock.now();
  }

  async response(): Promise<Response> {
    const { signal } = this.#sent;
    const stop = (): void => {
      if (this.#waitedMostly) this.#warnOfQueue();
      this.#controller.abort(
        new CallError("cancelled", "The caller's signal ended the call", { cause: signal?.reason }),
      );
    };
    if (signal?.aborted === true) throw signal.reason;
    const unfollow = signal === undefined ? undefined : onAbort(signal, stop);
    const isStreamed = this.#asked.body["stream"] === true;
    return isStreamed ? this.#streamed(unfollow) : this.#whole().finally(() => unfollow?.());
  }

  async #whole(): Promise<Response> {
    const result = await this.#run();
    if (!result.ok) return this.#failed(result.error);
    const { body, status } = result.value;
    return new Response(JSON.stringify(body), {
      status,
      headers: { ...this.#headers, "content-type": "application/json" },
    });
  }

  async #streamed(unfollow: (() => void) | undefined): Promise<Response> {
    const framing = framingOf(this.#asked);
    const body = new EventBody(framing, (reason) =>
      this.#controller.abort(new CallError("cancelled", "The reader left the stream", { cause: reason })),
    );
    const stopWatching = onAbort(this.#parts.closing, () => body.release());
    if (this.#parts.closing.aborted) body.release();
    let failure: CallError | undefined;
    let begun = false;
    const onEvent = (event: StreamEvent): void | Promise<void> =>
      isUnaskedUsage(this.#asked, event) ? undefined : body.add(event);
    const running = this.#run({ onEvent, onAttempt: () => body.restart() }).then((result) => {
      unfollow?.();
      stopWatching();
      if (result.ok) return body.end();
      failure = result.error;
      body.fail(begun ? (this.#sent.signal?.aborted === true ? this.#sent.signal.reason : result.error) : undefined);
    });
    running.catch(() => undefined);
    await body.begun;
    begun = true;
    if (failure !== undefined) return this.#failed(failure);
    return new Response(body.stream, {
      status: 200,
      headers: { ...this.#headers, "content-type": framing.contentType },
    });
  }

  get #waitedMostly(): boolean {
    const now = this.#parts.clock.now();
    return Math.min(now, this.#startedAt) - this.#receivedAt > (now - this.#receivedAt) / 2;
  }

  #run(more: { onEvent?: (event: StreamEvent) => void | Promise<void>; onAttempt?: () => void } = {}) {
    const { runner, nextIndex } = this.#parts;
    const { operation, body } = this.#asked;
    const { address, model, deployment } = this.#address;
    return runner.runWire(
      { operation, model, body, deployment },
      {
        ...more,
        index: nextIndex(),
        controller: this.#controller,
        address,
        onHead: (_, headers) => void (this.#headers = forwarded(headers)),
        onState: (state) => void (this.#startedAt = state === "queued" ? Infinity : this.#parts.clock.now()),
      },
    );
  }

  #failed(error: CallError): Response {
    const { signal, headers } = this.#sent;
    if (signal?.aborted === true) throw signal.reason;
    const client = headers["user-agent"] ?? "";
    // The Vercel AI SDK tries every failed response again, whatever it says, but no error that is not its own.
    if (/\bai-sdk\//.test(client)) throw error;
    return errorResponse(error, this.#asked.operation, /\blangchainjs\b/.test(client) ? finalForLangChain : same);
  }
}

const same = (status: number): number => status;

/** LangChain heeds nothing but the status, and tries all but these again; none of them says "do not try again" but 409. */
const finalForLangChain = (status: number): number => (status >= 400 && status <= 407 ? status : 409);

/** What the provider says about the body as it was sent holds no more for the one that is handed on. */
const forwarded = (headers: Readonly<Record<string, string>>): Record<string, string> => {
  const kept = Object.entries(headers).filter(([name]) => !ofTheConnection.has(name));
  return Object.fromEntries(kept);
};

const ofTheConnection: ReadonlySet<string> = new Set([
  "connection",
  "content-encoding",
  "content-length",
  "keep-alive",
  "set-cookie",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

/** The usage is asked for by us where the SDK says nothing about it; the event that brings it is kept from it. */
const isUnaskedUsage = ({ operation, body }: RecognizedRequest, { body: event }: StreamEvent): boolean => {
  if (operation !== "chat") return false;
  const { stream_options: options, usage: asked } = body;
  const { choices, usage } = event;
  const said = (isJsonObject(options) && options["include_usage"] !== undefined) || isJsonObject(asked);
  return !said && Array.isArray(choices) && choices.length === 0 && isJsonObject(usage);
};
