import type { Clock, Timer } from "../time/clock.ts";
import { Registry } from "../time/registry.ts";

/** Someone who is told twice a second that time passes. */
export interface Ticked {
  tick(now: number): void;
}

/** Tells all who are interested on one timer, which is armed only while there is somebody. */
export class OutputTicker {
  readonly #clock: Clock;
  readonly #interested: Registry<Ticked> = new Registry();
  #timer: Timer | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Adds somebody and returns their slot. */
  add(ticked: Ticked): number {
    if (this.#timer === undefined) this.#arm();
    return this.#interested.add(ticked);
  }

  remove(slot: number): void {
    this.#interested.remove(slot);
    if (this.#interested.size > 0) return;
    this.#timer?.[Symbol.dispose]();
    this.#timer = undefined;
  }

  #arm(): void {
    this.#timer = this.#clock.schedule(this.#clock.now() + tickMs, this.#tell);
  }

  readonly #tell = (): void => {
    this.#timer = undefined;
    const now = this.#clock.now();
    for (const ticked of this.#interested) ticked.tick(now);
    if (this.#timer === undefined && this.#interested.size > 0) this.#arm();
  };
}

const tickMs = 500;
