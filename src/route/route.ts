import type { Call } from "../call/call.ts";
import type { Layer } from "../call/handler.ts";
import type { Clock } from "../time/clock.ts";
import { type ControllerSource, freshControllers } from "../time/controller-source.ts";
import { aimed, type Candidate } from "./candidate.ts";
import { type Place, Places } from "./places.ts";
import { RoutedCall } from "./routed-call.ts";

/** What the router knows of the places that calls may go to. */
export interface RouteParts {
  readonly clock: Clock;
  readonly controllers?: ControllerSource;
  /** Where a call may go; at least one. */
  readonly candidates: (call: Call) => readonly Candidate[];
  /** When the call would start there if it were sent there now. */
  readonly predictedStart: (call: Call) => number;
  /** When a breaker lets somebody in there. @default at once */
  readonly opensAt?: (deployment: string) => number;
}

/** So many are called back at once where a queue is only long: each start looks again. */
const fewCalls = 32;
/** For so much those choose anew too who have done so often enough. */
const longMs = 5000;

/** The state that all calls of a router share. */
export class Router {
  readonly parts: RouteParts;
  readonly controllers: ControllerSource;
  readonly #places = new Places();

  constructor(parts: RouteParts) {
    this.parts = parts;
    this.controllers = parts.controllers ?? freshControllers;
  }

  placeOf(candidate: Candidate): Place {
    return this.#places.of(candidate);
  }

  /** Whether it is known to fail, or is left alone. */
  isDown(candidate: Candidate, now: number): boolean {
    return this.placeOf(candidate).health.isDown(now) || this.opensAt(candidate) > now;
  }

  opensAt({ deployment }: Candidate): number {
    return this.parts.opensAt?.(deployment) ?? -Infinity;
  }

  /** When the call would start there, as near as that can be told. */
  startsAt(call: Call, candidate: Candidate, now: number): number {
    const backAt = Math.max(this.placeOf(candidate).health.benchedUntil, this.opensAt(candidate));
    const at = this.parts.predictedStart(aimed(call, candidate));
    return backAt > now ? Math.max(at, backAt) : at;
  }

  /** It fails: those who have not started there choose anew, where there is a choice. */
  failed(candidate: Candidate, candidates: readonly Candidate[], elsewhere: boolean): void {
    const now = this.parts.clock.now();
    const isDown = (other: Candidate): boolean => this.isDown(other, now);
    if (isDown(candidate) && (elsewhere || !candidates.every(isDown))) this.recall(candidate, Infinity);
  }

  /** So many of those who wait there choose anew. */
  recall(candidate: Candidate, most: number = fewCalls, gainMs = 0): void {
    const { waiting, staying } = this.placeOf(candidate);
    const all = gainMs > longMs || this.isDown(candidate, this.parts.clock.now());
    let left = most;
    for (const line of all ? [waiting, staying] : [waiting])
      for (const routed of line) {
        if (left-- <= 0) return;
        routed.recall();
      }
  }

  /** Something has started or succeeded. Where nobody waits any more, some may go that wait for another of its places. */
  balance(call: Call, candidates: readonly Candidate[]): void {
    if (candidates.every((candidate) => this.#isFree(candidate))) return;
    const now = this.parts.clock.now();
    const free = candidates.filter((candidate) => this.#isFree(candidate) && !this.isDown(candidate, now));
    if (free.length === 0) return;
    const soonest = Math.min(...free.map((candidate) => this.startsAt(call, candidate, now)));
    for (const candidate of candidates) {
      if (this.#isFree(candidate)) continue;
      const gainMs = this.startsAt(call, candidate, now) - soonest;
      if (gainMs > 0) this.recall(candidate, fewCalls, gainMs);
    }
  }

  #isFree(candidate: Candidate): boolean {
    const { waiting, staying } = this.placeOf(candidate);
    return waiting.size === 0 && staying.size === 0;
  }
}

/**
 * Sends each attempt to the deployment that is predicted to start it first, and on to the next one when it fails there.
 *
 * It stands between retry and breaker: what it passes on at once costs no backoff, and what fails everywhere is retried.
 */
export const route = (parts: RouteParts): Layer => {
  const router = new Router(parts);
  return (next) =>
    async function route(call, context) {
      if (call.deployment !== undefined) return next(call, context);
      const candidates = parts.candidates(call);
      const [only] = candidates;
      if (candidates.length === 1 && only !== undefined && context.elsewhere !== true)
        return next(only.deployment === call.model.provider ? call : aimed(call, only), context);
      return new RoutedCall({ router, call, context, next, candidates }).run();
    };
};
