import type { Currency, Money } from "../../call/money.ts";

/** What a run will take, before anything is sent. */
export interface RunEstimate {
  readonly rows: number;
  /** Rows that an earlier run answered. */
  readonly done: number;
  /** Rows whose recorded failure stands: they are not sent again. */
  readonly permanentlyFailed: number;
  /** What follows is about these. */
  readonly toSend: number;
  readonly inputTokens: number;
  readonly outputTokens: Range;
  /** What the output tokens follow from: answers of earlier runs, what the requests allow, or how long answers usually are. */
  readonly outputFrom: "earlier-answers" | "bound" | "assumption";
  /** Per row, as it was assumed or learned. */
  readonly outputPerRow: Range;
  /** Answers that were learned from. */
  readonly answers: number;
  /** By currency; empty where no price is known. */
  readonly costs: readonly CostRange[];
  /** Rows that no price is known for: they cost something, and are in no sum. */
  readonly unpricedRows: number;
  /** Why, for the first of them: `elsewhere` for an address of the user's, `model-not-listed`, … */
  readonly unpriced?: string;
  /** What the rows cost when each takes one attempt, and takes all that it may. Absent where nobody knows. */
  readonly atMost?: readonly Money[];
  /** Rows that have a price, but no most. */
  readonly unboundedRows: number;
  /** Why, for the first of them. */
  readonly unbounded?: string;
  /** What earlier runs of the output have spent. */
  readonly spentBefore: readonly Money[];
  readonly time?: RunTime;
}

/** From the least to the most that is expected. */
export interface Range {
  readonly low: number;
  readonly high: number;
}

/** What rows are expected to cost in one currency. */
export interface CostRange extends Range {
  readonly currency: Currency;
}

/** How long a run will take, and what keeps it from being quicker. */
export interface RunTime {
  readonly ms: number;
  /** The name of a limit. */
  readonly boundBy: string;
  /** Its value. */
  readonly limit?: number;
}
