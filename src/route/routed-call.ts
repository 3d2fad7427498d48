import { CallError, type CallErrorCode, cancellation } from "../call/call-error.ts";
import type { CallEvent } from "../call/call-event.ts";
import type { Call } from "../call/call.ts";
import type { Context } from "../call/context.ts";
import type { Handler } from "../call/handler.ts";
import type { Reply } from "../call/reply.ts";
import type { StreamEvent } from "../call/stream-event.ts";
import { aimed, type Candidate } from "./candidate.ts";
import { LinkedController } from "./linked-controller.ts";
import type { Router } from "./route.ts";

/** What a routed call is made of. */
export interface RoutedCallParts {
  readonly router: Router;
  readonly call: Call;
  readonly context: Context;
  readonly next: Handler;
  readonly candidates: readonly Candidate[];
}

/** A failure that another deployment may not have; a throttled pool is only slower, and chosen by its queue. */
const movesOn: ReadonlySet<CallErrorCode> = new Set([
  "network",
  "server",
  "overloaded",
  "timeout",
  "malformed",
  "auth",
  "quota_exhausted",
  "not_found",
  "too_large",
]);

/** A call is called back so often at most: pools that are held in turns must not keep it from ever waiting. */
const mostRecalls = 5;

/** One attempt on its way to one of several deployments, and on to the next when it fails there. */
export class RoutedCall {
  readonly #parts: RoutedCallParts;
  readonly #tried = new Set<Candidate>();
  #attempt: number;
  #delivered = false;
  #startedAt = -Infinity;
  #recalls = 0;
  #recalled = false;
  /** The first failure that another round may not meet again. */
  #passing: CallError | undefined;
  #controller: LinkedController | undefined;

  constructor(parts: RoutedCallParts) {
    this.#parts = parts;
    this.#attempt = parts.context.attempt;
  }

  async run(): Promise<Reply> {
    for (;;) {
      const candidate = this.#choose();
      try {
        return await this.#send(candidate);
      } catch (error) {
        if (this.#recalled) continue;
        this.#moveOn(candidate, error);
      }
    }
  }

  /** Its pool is held: it leaves the queue and chooses anew. */
  recall(): void {
    if (this.#recalls >= mostRecalls) return;
    this.#recalls += 1;
    this.#recalled = true;
    this.#controller?.abort(new CallError("cancelled", "Called back: another deployment may be faster"));
  }

  /** Of those that have not failed: the one that is predicted to start first, and of equals the least busy. */
  #choose(): Candidate {
    const { candidates, router, context, call } = this.#parts;
    const now = context.clock.now();
    const left = candidates.filter((candidate) => !this.#tried.has(candidate));
    const able = left.filter(
      (candidate) => router.healthOf(candidate).takes(now) && router.opensAt(candidate.deployment) <= now,
    );
    const [first, ...others] = able.length > 0 ? able : left;
    if (first === undefined) throw new Error("A call has nowhere to go");
    if (context.elsewhere === true && left.every((candidate) => this.#isDown(candidate, now)))
      throw this.#refusal(first);
    if (others.length === 0) return first;
    const scored = [first, ...others].map((candidate) => ({
      candidate,
      at: Math.max(router.parts.predictedStart(aimed(call, candidate)), this.#benchedUntil(candidate, able, now)),
      busy: router.healthOf(candidate).attempts,
    }));
    return scored.reduce((best, other) => (isBetter(other, best) ? other : best)).candidate;
  }

  #isDown(candidate: Candidate, now: number): boolean {
    const { router } = this.#parts;
    return router.healthOf(candidate).isDown(now) || router.opensAt(candidate.deployment) > now;
  }

  /** Where all are on the bench, or left alone, the one that comes back first. */
  #benchedUntil(candidate: Candidate, able: readonly Candidate[], now: number): number {
    if (able.length > 0) return now;
    const { router } = this.#parts;
    return Math.max(router.healthOf(candidate).benchedUntil, router.opensAt(candidate.deployment));
  }

  #refusal({ deployment, model }: Candidate): CallError {
    return new CallError("overloaded", `Not sent: ${deployment} fails, and another model can be asked`, {
      retryable: false,
      provider: model.provider,
      model: model.name,
    });
  }

  async #send(candidate: Candidate): Promise<Reply> {
    const { router, call, context, next } = this.#parts;
    const health = router.healthOf(candidate);
    using controller = new LinkedController(context.signal, router.controllers);
    this.#controller = controller;
    this.#recalled = false;
    const waiting = router.waitingAt(candidate);
    let slot: number | undefined = waiting.add(this);
    const started = (): void => {
      if (slot !== undefined) waiting.remove(slot);
      slot = undefined;
    };
    health.entered();
    try {
      const reply = await next(aimed(call, candidate), this.#contextOf(candidate, controller.signal, started));
      health.succeeded(this.#startedAt);
      return candidate.model === call.model || sameModel(candidate, call)
        ? reply
        : { ...reply, answeredBy: { operation: call.operation, model: candidate.model } };
    } catch (error) {
      if (context.signal.aborted) this.#recalled = false;
      if (!this.#recalled && error instanceof CallError) health.refused(context.clock.now(), error);
      throw error;
    } finally {
      started();
      health.left();
      this.#controller = undefined;
    }
  }

  #contextOf(candidate: Candidate, signal: AbortSignal, started: () => void): Context {
    const { context } = this.#parts;
    const { onEvent } = context;
    const others = this.#parts.candidates.length - this.#tried.size > 1;
    const observe = (event: CallEvent): void => {
      if (event.type === "attempt-start") {
        started();
        this.#startedAt = event.at;
      }
      if (event.type === "attempt-end" && event.code !== undefined) this.#failed(candidate, event.code);
      context.observe(event);
    };
    const deliver = (event: StreamEvent): void | Promise<void> => {
      this.#delivered ||= event.content;
      return onEvent?.(event);
    };
    return {
      ...context,
      signal,
      observe,
      attempt: this.#attempt,
      elsewhere: context.elsewhere === true || others,
      ...(onEvent === undefined ? {} : { onEvent: deliver }),
    };
  }

  /** Told as soon as the permit is given back: the next in the queue must not start there before it is known. */
  #failed(candidate: Candidate, code: CallErrorCode): void {
    const { router, context } = this.#parts;
    const now = context.clock.now();
    router.healthOf(candidate).failed(now, code, this.#startedAt);
    if (this.#isDown(candidate, now)) router.recall(candidate);
  }

  /** Ends with the failure, unless another deployment may do better. */
  #moveOn(candidate: Candidate, thrown: unknown): void {
    const { candidates, context, router } = this.#parts;
    if (context.signal.aborted) throw cancellation(context.signal.reason);
    const error = thrown instanceof CallError ? thrown : undefined;
    if (error?.code === "throttled" || error?.code === "quota_exhausted") router.recall(candidate);
    if (error === undefined || this.#delivered || !movesOn.has(error.code)) throw thrown;
    this.#tried.add(candidate);
    if (error.retryable) this.#passing ??= error;
    if (error.attempts >= this.#attempt) this.#attempt = error.attempts + 1;
    // A call that failed everywhere may be worth another round, whatever the last deployment said.
    if (this.#tried.size === candidates.length) throw (this.#passing ?? error).with({ attempts: this.#attempt - 1 });
    // What was refused before it was sent was no attempt.
    if (error.attempts > 0) this.#tellOf(error);
  }

  #tellOf({ code, message, status, attempts: attempt }: CallError): void {
    const { context, call } = this.#parts;
    const told = {
      type: "call-retry",
      at: context.clock.now(),
      id: call.id,
      attempt,
      code,
      message,
      waitMs: 0,
    } as const;
    context.observe(status === undefined ? told : { ...told, status });
  }
}

interface Scored {
  readonly at: number;
  readonly busy: number;
}

const isBetter = (other: Scored, best: Scored): boolean =>
  other.at < best.at || (other.at === best.at && other.busy < best.busy);

const sameModel = ({ model }: Candidate, call: Call): boolean =>
  model.provider === call.model.provider && model.name === call.model.name;
