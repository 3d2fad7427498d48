import { CallError } from "../call/call-error.ts";
import type { Call } from "../call/call.ts";
import type { Context, Progress } from "../call/context.ts";
import type { StreamEvent } from "../call/stream-event.ts";
import { onAbort } from "../time/on-abort.ts";
import type { ControllerSource } from "../time/controller-source.ts";
import type { Timer } from "../time/clock.ts";
import { AttemptClock, type AttemptLimits } from "./attempt-clock.ts";

/** Drives an attempt's clock with one timer, which finds out when it fires how far progress has moved the end. */
export class AttemptWatch implements Disposable {
  readonly #call: Call;
  readonly #context: Context;
  readonly #attempt: AttemptClock;
  readonly #controllers: ControllerSource;
  readonly #controller: AbortController;
  readonly #unfollow: () => void;
  #timer: Timer;
  #armedFor: number;

  constructor(call: Call, context: Context, limits: AttemptLimits, controllers: ControllerSource) {
    this.#controllers = controllers;
    this.#controller = controllers.take();
    const { clock, timeouts, signal } = context;
    this.#call = call;
    this.#context = context;
    this.#attempt = new AttemptClock({ ...limits, ...timeouts }, clock.now(), call.body["stream"] === true);
    this.#armedFor = this.#attempt.endsAt;
    this.#timer = clock.schedule(this.#armedFor, this.#look);
    if (signal.aborted) this.#follow();
    this.#unfollow = onAbort(signal, () => this.#follow());
  }

  /** Aborts with the call, or when the attempt has run out of time. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  readonly onProgress = (progress: Progress): void => {
    this.#attempt.note(this.#context.clock.now(), progress);
    this.#rearm();
    this.#context.onProgress?.(progress);
  };

  /** A reader that takes its time is not the provider's silence. */
  readonly onEvent = (event: StreamEvent): void | Promise<void> => {
    const reading = this.#context.onEvent?.(event);
    if (reading === undefined) return undefined;
    this.#attempt.suspend();
    return reading.finally(() => {
      this.#attempt.resume(this.#context.clock.now());
      this.#rearm();
    });
  };

  /** A reader or a provider that reports after the end arms nothing any more. */
  [Symbol.dispose](): void {
    this.#armedFor = -Infinity;
    this.#timer[Symbol.dispose]();
    this.#unfollow();
    this.#controllers.giveBack(this.#controller);
  }

  /** The call was ended. */
  #follow(): void {
    this.#controller.abort(this.#context.signal.reason);
  }

  /** Only an end that has come nearer needs the timer moved: that happens once, at the first progress. */
  #rearm(): void {
    const { endsAt } = this.#attempt;
    if (endsAt >= this.#armedFor) return;
    this.#timer[Symbol.dispose]();
    this.#arm(endsAt);
  }

  #arm(at: number): void {
    this.#armedFor = at;
    this.#timer = this.#context.clock.schedule(at, this.#look);
  }

  readonly #look = (): void => {
    const { endsAt, expired } = this.#attempt;
    if (this.#context.clock.now() < endsAt) return this.#arm(endsAt);
    const { provider, name: model } = this.#call.model;
    this.#controller.abort(new CallError("timeout", expired, { model, provider }));
  };
}
