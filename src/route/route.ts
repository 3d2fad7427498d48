import type { Call } from "../call/call.ts";
import type { Layer } from "../call/handler.ts";
import type { Clock } from "../time/clock.ts";
import { type ControllerSource, freshControllers } from "../time/controller-source.ts";
import { Registry } from "../time/registry.ts";
import { aimed, type Candidate } from "./candidate.ts";
import { DeploymentHealth } from "./deployment-health.ts";
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

/** The state that all calls of a router share. */
export class Router {
  readonly parts: RouteParts;
  readonly controllers: ControllerSource;
  readonly #health = new Map<string, DeploymentHealth>();
  /** Attempts that stand in a queue, by deployment and model: they may be called back. */
  readonly #waiting = new Map<string, Registry<RoutedCall>>();

  constructor(parts: RouteParts) {
    this.parts = parts;
    this.controllers = parts.controllers ?? freshControllers;
  }

  /** Each model of a deployment by itself: a wrong name is no reason to leave the others alone. */
  healthOf(candidate: Candidate): DeploymentHealth {
    return entryOf(this.#health, keyOf(candidate), () => new DeploymentHealth());
  }

  waitingAt(candidate: Candidate): Registry<RoutedCall> {
    return entryOf(this.#waiting, keyOf(candidate), () => new Registry<RoutedCall>());
  }

  /** It is held, or fails: those who have not started there choose anew. */
  recall(candidate: Candidate): void {
    for (const routed of this.waitingAt(candidate)) routed.recall();
  }

  opensAt(deployment: string): number {
    return this.parts.opensAt?.(deployment) ?? -Infinity;
  }
}

const keyOf = ({ deployment, model }: Candidate): string => `${deployment}/${model.name}`;

const entryOf = <T>(map: Map<string, T>, key: string, create: () => T): T => {
  const known = map.get(key);
  if (known !== undefined) return known;
  const created = create();
  map.set(key, created);
  return created;
};

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
