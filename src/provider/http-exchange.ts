import { onAbort } from "../time/on-abort.ts";
import type { Dispatcher } from "undici";
import type { HttpHeaders, HttpSink } from "./http-contract.ts";

type RawHeaders = Record<string, string | string[] | undefined>;

/** Bounds of one exchange. */
export interface ExchangeBounds {
  readonly lingerMs: number;
  readonly maxHeldBytes: number;
}

/** One request on its way through undici: hands the response to a sink at the sink's own pace. */
export class HttpExchange implements Dispatcher.DispatchHandler {
  /** Settles when the response has ended, or as soon as the signal aborts. */
  readonly done: Promise<void>;
  readonly #sink: HttpSink;
  readonly #signal: AbortSignal;
  readonly #bounds: ExchangeBounds;
  readonly #held: Buffer[] = [];
  #heldBytes = 0;
  #resolve: () => void = () => {};
  #reject: (error: unknown) => void = () => {};
  #controller: Dispatcher.DispatchController | undefined;
  #headed = false;
  #pausable = false;
  /** The sink works on a chunk. */
  #busy = false;
  /** The body has ended; with an error when it was cut. */
  #ended: { readonly error?: Error } | undefined;
  readonly #unfollow: () => void;
  #settled = false;
  #failed = false;
  #linger: NodeJS.Timeout | undefined;

  constructor(sink: HttpSink, signal: AbortSignal, bounds: ExchangeBounds) {
    this.#sink = sink;
    this.#signal = signal;
    this.#bounds = bounds;
    this.done = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    this.#unfollow = onAbort(signal, () => this.#abort());
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#settled) controller.abort(asError(this.#signal.reason));
    else this.#sink.sending?.();
  }

  onResponseStart(_: Dispatcher.DispatchController, status: number, headers: RawHeaders): void {
    if (status < 200 || this.#settled) return;
    this.#headed = true;
    this.#pausable = canPause(headers);
    this.#sink.head(status, joined(headers));
  }

  onResponseData(_: Dispatcher.DispatchController, bytes: Buffer): void {
    if (this.#settled || !this.#headed) return;
    if (this.#busy) this.#hold(bytes);
    else this.#deliver(bytes);
  }

  onResponseEnd(): void {
    this.#end({});
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    this.#end({ error });
  }

  #abort(): void {
    const reason: unknown = this.#signal.reason;
    this.#fail(reason);
    this.#controller?.abort(asError(reason));
  }

  #hold(bytes: Buffer): void {
    this.#held.push(bytes);
    this.#heldBytes += bytes.length;
    if (this.#heldBytes <= this.#bounds.maxHeldBytes) return;
    throw new Error(`The reader fell more than ${this.#bounds.maxHeldBytes} bytes behind the response`);
  }

  /** Throws what the sink throws: undici then cuts the connection and reports the same error. */
  #deliver(bytes: Buffer): void {
    const wait = this.#sink.chunk(bytes);
    if (wait !== undefined) {
      this.#busy = true;
      if (this.#pausable) this.#controller?.pause();
      wait.then(this.#ready, this.#refuse);
    } else if (this.#sink.finished) {
      this.#finish();
    }
  }

  readonly #ready = (): void => {
    this.#busy = false;
    try {
      for (let bytes = this.#held.shift(); bytes !== undefined; bytes = this.#held.shift()) {
        this.#heldBytes -= bytes.length;
        if (this.#settled || this.#sink.finished) break;
        this.#deliver(bytes);
        if (this.#busy) return;
      }
    } catch (error) {
      this.#refuse(error);
    }
    if (this.#sink.finished && !this.#settled) this.#finish();
    else if (this.#ended !== undefined) this.#conclude();
    if (!this.#failed && this.#controller?.paused === true) this.#controller.resume();
  };

  readonly #refuse = (error: unknown): void => {
    this.#fail(error);
    this.#controller?.abort(asError(error));
  };

  #end(ended: { readonly error?: Error }): void {
    clearTimeout(this.#linger);
    this.#ended ??= ended;
    if (!this.#busy) this.#conclude();
  }

  #conclude(): void {
    if (this.#ended?.error === undefined) this.#settle(this.#resolve);
    else this.#fail(this.#ended.error);
  }

  /** Reading the body to its end keeps the connection for the next request; a server that never ends it must not keep it. */
  #finish(): void {
    this.#settle(this.#resolve);
    if (this.#ended !== undefined) return;
    this.#linger = setTimeout(() => {
      this.#controller?.abort(new Error("The response did not end after its last event"));
    }, this.#bounds.lingerMs);
    this.#linger.unref();
  }

  #fail(error: unknown): void {
    this.#failed = true;
    this.#settle(() => this.#reject(error));
  }

  #settle(settle: () => void): void {
    if (this.#settled) return;
    this.#settled = true;
    this.#held.length = 0;
    this.#unfollow();
    settle();
  }
}

/**
 * Whether the connection may be paused. undici 7.30 fails an assertion, outside of any handler, when a connection that
 * will not be kept alive is closed by its peer while it is paused; what such a response sends is held in memory.
 */
const canPause = (headers: RawHeaders): boolean =>
  /\bchunked\b/i.test(String(headers["transfer-encoding"])) && !/\bclose\b/i.test(String(headers["connection"]));

const joined = (headers: RawHeaders): HttpHeaders => {
  const plain: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) plain[name.toLowerCase()] = typeof value === "string" ? value : value.join(", ");
  }
  return plain;
};

const asError = (reason: unknown): Error => (reason instanceof Error ? reason : new Error(String(reason)));
