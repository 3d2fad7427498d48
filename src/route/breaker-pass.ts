import type { CallError } from "../call/call-error.ts";
import type { CallEvent } from "../call/call-event.ts";
import type { Context } from "../call/context.ts";
import type { ControllerSource } from "../time/controller-source.ts";
import type { Entry, Verdict } from "./circuit-breaker.ts";
import { LinkedController } from "./linked-controller.ts";

/** Who is told how a pass is used. */
export interface PassOwner {
  started(pass: BreakerPass): void;
  alive(pass: BreakerPass): void;
  ended(pass: BreakerPass, verdict: Verdict): void;
}

/** One attempt on its way past a breaker: until its request goes out it can be called back. */
export class BreakerPass implements Disposable {
  readonly entry: Entry;
  /** Where its owner keeps it until it starts. */
  slot: number | undefined;
  #recalled = false;
  #ended = false;
  readonly #owner: PassOwner;
  readonly #context: Context;
  readonly #controller: LinkedController;

  constructor(owner: PassOwner, entry: Entry, context: Context, controllers: ControllerSource) {
    this.#owner = owner;
    this.entry = entry;
    this.#context = context;
    this.#controller = new LinkedController(context.signal, controllers);
  }

  /** The call's context as those behind the breaker see it. */
  get context(): Context {
    const { signal } = this.#controller;
    return { ...this.#context, signal, observe: this.observe, onProgress: this.onProgress };
  }

  /** The breaker opened while the attempt waited to start: it is to ask again. */
  get recalled(): boolean {
    return this.#recalled && !this.#context.signal.aborted;
  }

  recall(reason: CallError): void {
    this.#recalled = true;
    this.#controller.abort(reason);
  }

  readonly observe = (event: CallEvent): void => {
    if (event.type === "attempt-start") this.#owner.started(this);
    this.#context.observe(event);
  };

  readonly onProgress: NonNullable<Context["onProgress"]> = (progress) => {
    // A head or a body may be those of an error.
    if (progress === "content") this.#owner.alive(this);
    this.#context.onProgress?.(progress);
  };

  end(verdict: Verdict): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#owner.ended(this, verdict);
  }

  [Symbol.dispose](): void {
    this.end("unknown");
    this.#controller[Symbol.dispose]();
  }
}
