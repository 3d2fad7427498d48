import { CallError } from "../call/call-error.ts";
import type { CallEvent } from "../call/call-event.ts";
import type { FailedAttempt } from "../call/possibly-paid.ts";
import type { Retry, Timing } from "../call/result.ts";
import { onAbort } from "../time/on-abort.ts";

/** What a call reports while it runs. */
export interface CallListener {
  readonly onState?: (state: "queued" | "running") => void;
  /** Called right before a request goes out. */
  readonly onAttempt?: OnAttempt;
  /** Called when an attempt has ended, one way or the other. */
  readonly onAttemptEnd?: OnAttemptEnd;
}

/** Told of an attempt right before its request goes out; an error that it returns keeps the request back, and is how the call ends. */
export type OnAttempt = (id: string, attempt: number) => CallError | undefined | void;

/** Told how an attempt has ended: without a failure it brought the answer. */
export type OnAttemptEnd = (id: string, attempt: number, failure: FailedAttempt | undefined) => void;

/** One call on its way: its cancellation, and the story that its result will tell. */
export class ActiveCall implements Disposable {
  readonly retries: Retry[] = [];
  attempts = 0;
  readonly #controller: AbortController;
  readonly #listener: CallListener;
  readonly #stops: (() => void)[] = [];
  readonly #submittedAt: number;
  #queuedMs = 0;
  #firstContentMs: number | undefined;
  #running = false;
  #draining = false;

  constructor(now: number, controller: AbortController, drains: readonly AbortSignal[], listener: CallListener) {
    this.#submittedAt = now;
    this.#controller = controller;
    this.#listener = listener;
    for (const drain of drains) this.#follow(drain, () => this.#drain());
  }

  /** Ends with the call's own signal too. */
  follow(signal: AbortSignal): void {
    this.#follow(signal, () => this.#controller.abort(signal.reason));
  }

  /** Ends the call from within: its total time has run out. */
  readonly cancel = (reason: CallError): void => this.#controller.abort(reason);

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  timing(now: number): Timing {
    const first = this.#firstContentMs === undefined ? {} : { firstContentMs: this.#firstContentMs };
    return { queuedMs: this.#queuedMs, ...first, totalMs: now - this.#submittedAt };
  }

  readonly observe = (event: CallEvent): void => {
    if (event.type === "attempt-start") this.#started(event);
    else if (event.type === "attempt-end") this.#ended(event);
    else if (event.type === "first-content") this.#firstContentMs = event.afterMs;
    else if (event.type === "call-retry") this.#retried(event);
  };

  [Symbol.dispose](): void {
    for (const stop of this.#stops) stop();
  }

  #follow(signal: AbortSignal, callback: () => void): void {
    if (signal.aborted) callback();
    else this.#stops.push(onAbort(signal, callback));
  }

  #started({ id, attempt, queuedMs }: Extract<CallEvent, { type: "attempt-start" }>): void {
    this.attempts = attempt;
    this.#queuedMs += queuedMs;
    this.#setRunning(true);
    const refusal = this.#listener.onAttempt?.(id, attempt);
    if (refusal instanceof CallError) this.#controller.abort(refusal);
  }

  /** A draining call that has its answer asks for no better one; one that failed keeps its failure. */
  #ended(event: Extract<CallEvent, { type: "attempt-end" }>): void {
    const { id, code, status, attempt, unreachable = false, final = false } = event;
    // The attempt may have been begun for an identical call that has left.
    this.attempts = Math.max(this.attempts, attempt);
    this.#setRunning(false);
    const failure =
      code === undefined ? undefined : { code, unreachable, final, ...(status === undefined ? {} : { status }) };
    this.#listener.onAttemptEnd?.(id, attempt, failure);
    if (this.#draining && code === undefined) this.#drain();
  }

  #retried({ code, status, waitMs }: Extract<CallEvent, { type: "call-retry" }>): void {
    this.retries.push({ code, waitedMs: waitMs, ...(status === undefined ? {} : { status }) });
    if (this.#draining) this.#drain();
  }

  #setRunning(running: boolean): void {
    this.#running = running;
    this.#listener.onState?.(running ? "running" : "queued");
  }

  /** Ends the call unless its request is out; a request that is out may finish, but is not tried again. */
  #drain(): void {
    this.#draining = true;
    if (!this.#running)
      this.#controller.abort(new CallError("closed", "The call was not started: its run or client is closing"));
  }
}
