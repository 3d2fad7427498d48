import type { Outcome, Permit } from "../call/limiter.ts";
import type { Ticket } from "./admission.ts";

/** What a granted ticket is settled with: the outcome, or nothing when it never started. */
export interface Settlement {
  settle(ticket: Ticket, outcome: Outcome | undefined): void;
}

/** A granted ticket as its holder sees it. */
export class GrantedPermit implements Permit {
  readonly #limiter: Settlement;
  readonly #ticket: Ticket;

  constructor(limiter: Settlement, ticket: Ticket) {
    this.#limiter = limiter;
    this.#ticket = ticket;
  }

  /** Header readings are not used yet: the configured limits and the 429s decide. */
  observe(): void {}

  settle(outcome: Outcome): void {
    this.#limiter.settle(this.#ticket, outcome);
  }

  [Symbol.dispose](): void {
    this.#limiter.settle(this.#ticket, undefined);
  }
}
