import type { CallError } from "../call/call-error.ts";
import type { Money } from "../call/money.ts";
import type { Usage } from "../call/reply.ts";
import type { ErrorGroup } from "./records/error-groups.ts";
import type { ReachedBound } from "./stop/reached-bound.ts";

/** How a run ended. */
export interface RunSummary {
  /** `stopped-early`: nothing can succeed until `stop` is fixed; `drained`, `aborted`: by a signal; `bounded`: at the `bound`. */
  readonly outcome: "complete" | "failed-rows" | "stopped-early" | "bounded" | "drained" | "aborted";
  readonly rows: number;
  /** Rows with an answer, those of earlier runs included. */
  readonly succeeded: number;
  /** Rows whose last outcome is a failure, those of earlier runs included. */
  readonly failed: number;
  /** Rows that earlier runs answered. */
  readonly resumed: number;
  /** Rows with no outcome yet. */
  readonly remaining: number;
  /** Attempts of this output's runs that may have been charged beside the one that brought the row's answer. */
  readonly possiblyPaidTwice: number;
  /** What they cost at most, one sum for each currency. */
  readonly possiblyPaidAtMost: readonly Money[];
  /** Those of them of which nobody knows what they cost at most. */
  readonly possiblyPaidUnpriced: number;
  readonly skippedBlankLines: number;
  /** Answers of this run that were cut short or declined. */
  readonly finishes: FinishCounts;
  /** The failed rows, most frequent kind first. */
  readonly errors: readonly ErrorGroup[];
  readonly stop?: CallError;
  /** The bound that was reached: what the run may cost, how long it may take, how many rows may fail. */
  readonly bound?: ReachedBound;
  /** Whoever read stdout left before the end. */
  readonly readerLeft: boolean;
  /** A path, or `-`. */
  readonly output: string;
  /** Present when there are failed rows in it. */
  readonly errorsFile?: string;
  readonly runFolder?: string;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly elapsedMs: number;
  /** What this run used. */
  readonly usage: Usage;
  /** What this run has cost, in each currency; empty where no price is known. */
  readonly costs: readonly Money[];
  /** Answers of this run whose price nobody knows: they cost something, and are in no sum. */
  readonly unpricedCalls: number;
  /** No order and no pacing could have made the calls that succeeded in less time than this. Absent when none did. */
  readonly lowerBoundMs?: number;
  /** That bound over the time from the first call to the last answer: from 0 to 1. */
  readonly achievedShare?: number;
  /** The limit that the bound comes from, `maxConcurrent`, or `latency` for the slowest answer. */
  readonly boundBy?: string;
}

/** Answers that count as successes and still deserve a look. */
export interface FinishCounts {
  readonly length: number;
  readonly contentFilter: number;
  readonly refusal: number;
}

/** The exit code that a summary stands for; whoever knows the signal may make 143 of 130. */
export const exitCodeOf = ({ outcome, readerLeft }: RunSummary): number => (readerLeft ? 0 : exitCodes[outcome]);

const exitCodes: Readonly<Record<RunSummary["outcome"], number>> = {
  complete: 0,
  "failed-rows": 3,
  "stopped-early": 4,
  bounded: 5,
  drained: 130,
  aborted: 130,
};
