const capacity = 50;
const perSuccess = 0.1;
/** Time alone refills only this far, so that a total outage is probed and not hammered. */
const refillTo = 10;
const refillEveryMs = 10_000;

/**
 * How many retries a pool may still spend. A fixed number per call multiplies the load on a provider that is down;
 * a budget that successes refill keeps retries a small share of the traffic.
 *
 * 50 tokens; a retry costs 1, after a timeout 2; a success returns 0.1; every 10 s return 1, up to 10.
 */
export class RetryBudget {
  #tokens = capacity;
  #at: number;
  #proven = false;

  constructor(now: number) {
    this.#at = now;
  }

  /** Pays for a retry; false when the budget is empty. */
  spend(now: number, cost: number): boolean {
    this.#refill(now);
    if (this.#tokens < cost) return false;
    this.#tokens -= cost;
    return true;
  }

  /** When time adds the next token. */
  nextRefillAt(now: number): number {
    this.#refill(now);
    return this.#at + refillEveryMs;
  }

  /** Whether anything has ever succeeded: until then there is no sign that waiting would help. */
  get proven(): boolean {
    return this.#proven;
  }

  /** Gives back what was paid for a retry that never began. */
  repay(cost: number): void {
    this.#tokens = Math.min(capacity, this.#tokens + cost);
  }

  succeeded(): void {
    this.#proven = true;
    this.#tokens = Math.min(capacity, this.#tokens + perSuccess);
  }

  #refill(now: number): void {
    const steps = Math.floor((now - this.#at) / refillEveryMs);
    if (steps <= 0) return;
    this.#at += steps * refillEveryMs;
    if (this.#tokens < refillTo) this.#tokens = Math.min(refillTo, this.#tokens + steps);
  }
}
