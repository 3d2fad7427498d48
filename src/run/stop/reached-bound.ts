import type { Money } from "../../call/money.ts";

/** A bound of the user's that a run has stopped at. */
export type ReachedBound = ReachedCost | ReachedDuration | ReachedHalt;

/** The next row could have made the run cost more than it may. */
interface ReachedCost {
  readonly kind: "max-cost";
  readonly message: string;
  readonly most: Money;
  /** What was charged for, or may have been, by earlier runs of the output too. */
  readonly spent: Money;
  /** What the row that did not fit may cost. */
  readonly next: Money;
}

interface ReachedDuration {
  readonly kind: "max-duration";
  readonly message: string;
}

/** Too many rows have failed. */
interface ReachedHalt {
  readonly kind: "halt";
  readonly message: string;
  readonly failed: number;
  readonly finished: number;
}
