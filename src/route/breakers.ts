import type { Clock } from "../time/clock.ts";
import { type ControllerSource, freshControllers } from "../time/controller-source.ts";
import type { Rng } from "../time/rng.ts";
import { BreakerGate, type BreakerStats } from "./breaker-gate.ts";
import type { BreakerOptions } from "./breaker-options.ts";
import { CircuitBreaker } from "./circuit-breaker.ts";

/** What the breakers of a client are made of. */
export interface BreakersOptions extends BreakerOptions {
  readonly clock: Clock;
  readonly rng: Rng;
  readonly controllers?: ControllerSource;
  /** How many calls may wait for one deployment. @default 1_000_000 */
  readonly maxWaiting?: number;
  /** How many deployments are remembered; beyond, one that nobody uses is forgotten. @default 64 */
  readonly maxDeployments?: number;
}

/** One breaker per deployment, made when it is first called. */
export class Breakers {
  readonly #options: BreakersOptions;
  readonly #maxDeployments: number;
  readonly #gates = new Map<string, BreakerGate>();

  constructor(options: BreakersOptions) {
    const { maxDeployments = 64, maxWaiting = 1_000_000 } = options;
    if (!Number.isInteger(maxDeployments) || maxDeployments < 1)
      throw new RangeError(
        `Cannot make breakers: "maxDeployments" must be a whole number of at least 1, got ${maxDeployments}`,
      );
    if (!Number.isInteger(maxWaiting) || maxWaiting < 0)
      throw new RangeError(
        `Cannot make breakers: "maxWaiting" must be a whole number of at least 0, got ${maxWaiting}`,
      );
    this.#options = options;
    this.#maxDeployments = maxDeployments;
  }

  of(deployment: string): BreakerGate {
    return this.#gates.get(deployment) ?? this.#add(deployment);
  }

  get stats(): readonly BreakerStats[] {
    return [...this.#gates.values()].map((gate) => gate.stats);
  }

  #add(name: string): BreakerGate {
    const { controllers = freshControllers, maxWaiting = 1_000_000, clock } = this.#options;
    if (this.#gates.size >= this.#maxDeployments) this.#gates.delete(this.#leastNeeded());
    const gate = new BreakerGate({ name, breaker: new CircuitBreaker(this.#options), clock, controllers, maxWaiting });
    this.#gates.set(name, gate);
    return gate;
  }

  /** Whoever is inside a gate that is forgotten still finds its way out. */
  #leastNeeded(): string {
    const names = [...this.#gates.keys()];
    return names.find((name) => this.#gates.get(name)?.idle === true) ?? names[0] ?? "";
  }
}
