/** A configured limit is rested when less than this of it was used in two periods, and spent when more than that is in use. */
const restedShare = 0.1;
const spentShare = 0.98;
/** How much faster than its pace it may then make good what the burst took from later. */
const mostCatchUp = 1;
/** It goes faster by this many times the share that is free, so that it slows down before it reaches the limit. */
const eagerness = 12;

/** How a configured limit is used. */
export interface CapUse {
  readonly limit: number;
  /** What counts against it now. */
  readonly used: number;
  /** What was started in the last two periods. */
  readonly recent: number;
}

/**
 * Leave to run ahead of the pace inside a configured limit: once after a rest, until the limit is reached.
 *
 * What came in a burst leaves the rolling period in a burst, which must not go on for ever; so what is missing after it
 * is made good gently.
 */
export class BurstLeave {
  #given = true;

  given({ limit, used, recent }: CapUse): boolean {
    this.#given = this.#given ? used < spentShare * limit : recent < restedShare * limit;
    return this.#given;
  }

  /** How many times its pace it may go without leave, when its pace uses `usedShare` of it. */
  fastest({ limit, used }: CapUse, usedShare: number): number {
    return 1 + Math.min(mostCatchUp, eagerness * Math.max(0, usedShare - used / limit));
  }
}
