import { CallError, type CallErrorCode, cancellation } from "../call/call-error.ts";
import type { CallEvent } from "../call/call-event.ts";
import type { Call } from "../call/call.ts";
import type { Context } from "../call/context.ts";
import type { Handler } from "../call/handler.ts";
import type { Reply } from "../call/reply.ts";
import type { StreamEvent } from "../call/stream-event.ts";
import { aimed, type Candidate } from "./candidate.ts";
import { LinkedController } from "./linked-controller.ts";
import type { Recallable } from "./places.ts";
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

/** A call is called back so often, where nothing fails: pools that are held in turns must not keep it from ever waiting. */
const mostRecalls = 5;

const calledBack = new CallError("cancelled", "Called back: another deployment may be faster");

/** Where an attempt goes, and whether it could go elsewhere as well. */
interface Choice {
  readonly candidate: Candidate;
  readonly elsewhere: boolean;
}

/** One attempt on its way to one of several deployments, and on to the next when it fails there. */
export class RoutedCall implements Recallable {
  readonly #parts: RoutedCallParts;
  readonly #tried = new Set<Candidate>();
  /** The number of the next attempt. */
  #attempt: number;
  #sentAs = 0;
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
      const choice = this.#choose();
      try {
        return await this.#send(choice);
      } catch (error) {
        if (!this.#recalled) this.#moveOn(choice.candidate, error);
        else if (this.#passing !== undefined && this.#isOver())
          throw this.#passing.with({ attempts: this.#attempt - 1 });
      }
    }
  }

  /** Its pool is held, or another is free: it leaves the queue and chooses anew. */
  recall(): void {
    this.#recalls += 1;
    this.#recalled = true;
    this.#controller?.abort(calledBack);
  }

  /** Of those that have not failed: the one that is predicted to start first, and of equals the least busy. */
  #choose(): Choice {
    const { candidates, router, context, call } = this.#parts;
    const now = context.clock.now();
    const left = candidates.filter((candidate) => !this.#tried.has(candidate));
    const able = left.filter(
      (candidate) => router.placeOf(candidate).health.takes(now) && router.opensAt(candidate) <= now,
    );
    const [first, ...others] = able.length > 0 ? able : this.#mostHopeful(left, now);
    if (first === undefined) throw new Error("A call has nowhere to go");
    if (context.elsewhere === true && left.every((candidate) => router.isDown(candidate, now)))
      throw this.#refusal(first);
    // Where all are left alone, it waits for the one that comes back first.
    const elsewhere = context.elsewhere === true || able.length > 1;
    if (others.length === 0) return { candidate: first, elsewhere };
    const scored = [first, ...others].map((candidate) => ({
      candidate,
      at: router.startsAt(call, candidate, now),
      busy: router.placeOf(candidate).health.attempts,
    }));
    return { candidate: scored.reduce((best, other) => (isBetter(other, best) ? other : best)).candidate, elsewhere };
  }

  /** Where none is to be preferred: those that are not known to fail, else the one that has answered last, else all. */
  #mostHopeful(left: readonly Candidate[], now: number): readonly Candidate[] {
    const { router } = this.#parts;
    const up = left.filter((candidate) => !router.isDown(candidate, now));
    if (up.length > 0) return up;
    const answeredAt = (candidate: Candidate): number => router.placeOf(candidate).health.succeededAt;
    const open = left.filter((candidate) => router.opensAt(candidate) <= now);
    const last = Math.max(...open.map(answeredAt));
    return open.length === 0 ? left : open.filter((candidate) => answeredAt(candidate) === last);
  }

  #refusal({ deployment, model }: Candidate): CallError {
    return new CallError("overloaded", `Not sent: ${deployment} fails, and another model can be asked`, {
      retryable: false,
      provider: model.provider,
      model: model.name,
    });
  }

  async #send({ candidate, elsewhere }: Choice): Promise<Reply> {
    const { router, call, context, next, candidates } = this.#parts;
    const { health, waiting, staying } = router.placeOf(candidate);
    using controller = new LinkedController(context.signal, router.controllers);
    this.#controller = controller;
    this.#recalled = false;
    const line = this.#recalls < mostRecalls ? waiting : staying;
    let slot: number | undefined = line.add(this);
    const started = (): void => {
      if (slot !== undefined) line.remove(slot);
      slot = undefined;
    };
    const bench = health.entered();
    try {
      const its = { ...this.#contextOf(candidate, started), signal: controller.signal, elsewhere };
      const reply = await next(aimed(call, candidate), its);
      router.balance(call, candidates);
      return call.group === undefined && (candidate.model === call.model || sameModel(candidate, call))
        ? reply
        : { ...reply, answeredBy: { operation: call.operation, model: candidate.model } };
    } catch (error) {
      if (context.signal.aborted) this.#recalled = false;
      if (!this.#recalled && error instanceof CallError) health.refused(context.clock.now(), error);
      throw error;
    } finally {
      started();
      health.left(bench);
      this.#controller = undefined;
    }
  }

  #contextOf(candidate: Candidate, started: () => void): Context {
    const { context, router, call, candidates } = this.#parts;
    const { onEvent } = context;
    const attempt = this.#attempt;
    this.#sentAs = attempt;
    const observe = (event: CallEvent): void => {
      if (event.type === "attempt-start") {
        started();
        this.#startedAt = event.at;
        this.#attempt = attempt + 1;
      }
      if (event.type === "attempt-end") this.#ended(candidate, event.code);
      context.observe(this.#withHope(event));
      if (event.type === "attempt-start") router.balance(call, candidates);
    };
    const deliver = (event: StreamEvent): void | Promise<void> => {
      this.#delivered ||= event.content;
      return onEvent?.(event);
    };
    return { ...context, observe, attempt, ...(onEvent === undefined ? {} : { onEvent: deliver }) };
  }

  /** A failure at one of several places is not the end while there are others, or one of them may be tried again. */
  #withHope(event: CallEvent): CallEvent {
    if (event.type !== "attempt-end" || event.final !== true) return event;
    const isLast = this.#tried.size + 1 === this.#parts.candidates.length;
    return isLast && this.#passing === undefined ? event : { ...event, final: false };
  }

  /** Told as soon as the permit is given back: the next in the queue must not start there before it is known. */
  #ended(candidate: Candidate, code: CallErrorCode | undefined): void {
    const { router, context, candidates } = this.#parts;
    const { health } = router.placeOf(candidate);
    if (code === undefined) return health.succeeded(this.#startedAt);
    // A call that its caller ends, or whose own time is over, says nothing about the deployment.
    if (context.signal.aborted) return;
    const now = context.clock.now();
    health.failed(now, code, this.#startedAt);
    router.failed(candidate, candidates, context.elsewhere === true);
  }

  /** Ends with the failure, unless another deployment may do better. */
  #moveOn(candidate: Candidate, thrown: unknown): void {
    const { context, router } = this.#parts;
    if (context.signal.aborted) throw cancellation(context.signal.reason);
    if (!(thrown instanceof CallError)) throw thrown;
    const error = thrown.with({ attempts: Math.max(thrown.attempts, this.#attempt - 1) });
    this.#attempt = error.attempts + 1;
    if (error.code === "throttled" || error.code === "quota_exhausted") router.recall(candidate);
    if (this.#delivered || !movesOn.has(error.code)) throw error;
    this.#tried.add(candidate);
    if (error.retryable) this.#passing ??= error;
    // A call that failed everywhere may be worth another round, whatever the last deployment said.
    if (this.#isOver()) throw (this.#passing ?? error).with({ attempts: error.attempts });
    // What was refused before it was sent was no attempt.
    if (error.attempts >= this.#sentAs) this.#tellOf(error);
  }

  /** Where the rest is left alone, a failure that may pass is waited out, and not those that have failed for longer. */
  #isOver(): boolean {
    const { candidates, context, router } = this.#parts;
    const left = candidates.filter((candidate) => !this.#tried.has(candidate));
    const now = context.clock.now();
    return left.length === 0 || (this.#passing !== undefined && left.every((other) => router.isDown(other, now)));
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
