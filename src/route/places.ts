import { Registry } from "../time/registry.ts";
import type { Candidate } from "./candidate.ts";
import { DeploymentHealth } from "./deployment-health.ts";

/** Who can be told to leave a queue and choose anew. */
export interface Recallable {
  recall(): void;
}

/** One model of one deployment, as a router knows it. */
export interface Place {
  readonly health: DeploymentHealth;
  /** Attempts on their way that have not started there. */
  readonly waiting: Registry<Recallable>;
  /** Those of them that have been called back often enough: they leave only when it is down, or for much. */
  readonly staying: Registry<Recallable>;
}

/** So many are remembered beside those that are in use: rows may name millions of models. */
const mostRemembered = 1000;
/** So many of the oldest are looked at for one that may be forgotten. */
const mostLookedAt = 8;

/** What is known of the places that calls went to. */
export class Places {
  readonly #places = new Map<string, Place>();

  /** Each model of a deployment by itself: a wrong name is no reason to leave the others alone. */
  of({ deployment, model }: Candidate): Place {
    const key = `${deployment}/${model.name}`;
    return this.#places.get(key) ?? this.#add(key);
  }

  get size(): number {
    return this.#places.size;
  }

  #add(key: string): Place {
    if (this.#places.size >= mostRemembered) this.#forgetOne();
    const place = {
      health: new DeploymentHealth(),
      waiting: new Registry<Recallable>(),
      staying: new Registry<Recallable>(),
    };
    this.#places.set(key, place);
    return place;
  }

  /** The oldest that nobody uses; those that somebody does go to the end of the line. */
  #forgetOne(): void {
    let looks = 0;
    for (const [key, place] of this.#places) {
      this.#places.delete(key);
      if (place.health.attempts === 0) return;
      this.#places.set(key, place);
      if (++looks === mostLookedAt) return;
    }
  }
}
