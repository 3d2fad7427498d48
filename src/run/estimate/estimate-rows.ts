import type { LimitStats } from "../../limit/limit-stats.ts";
import { noEarlierAnswers, type EarlierAnswers } from "./earlier-answers.ts";
import type { RowEstimates } from "./row-estimates.ts";
import type { Range, RunEstimate } from "./run-estimate.ts";
import { runTime } from "./run-time.ts";

/** What an estimate is made from. */
export interface EstimateParts {
  readonly rows: RowEstimates;
  readonly done: number;
  readonly permanentlyFailed: number;
  readonly skip: (row: number) => boolean;
  readonly limits: readonly LimitStats[];
  /** @default none */
  readonly earlier?: EarlierAnswers;
}

/** How long answers are taken to be before any was seen. */
const usualOutput: Range = { low: 50, high: 500 };
/** Fewer answers say too little. */
const enoughAnswers = 5;

/** Half a second until an answer begins, and fifty tokens a second from there: a hosted model of middle size. */
const firstTokenMs = 500;
const msPerToken = 20;

/** Adds up what the rows that are to be sent will take. */
export const estimateRows = (parts: EstimateParts): RunEstimate => {
  const { rows, done, permanentlyFailed, skip, limits, earlier = noEarlierAnswers } = parts;
  const learned = earlier.answers >= enoughAnswers && earlier.meanOutputTokens > 0;
  const outputPerRow = learned ? around(earlier) : usualOutput;
  const { isBound, ...sums } = rows.sum(skip, outputPerRow);
  const { toSend, inputTokens, outputTokens } = sums;
  const expectedOutput = Math.sqrt(outputTokens.low * outputTokens.high);
  const usualMs = firstTokenMs + (msPerToken * expectedOutput) / Math.max(1, toSend);
  const callMs = learned && earlier.meanMs > 0 ? earlier.meanMs : usualMs;
  const time = runTime({ rows: toSend, inputTokens, outputTokens: expectedOutput, callMs }, limits);
  return {
    rows: rows.rows,
    done,
    permanentlyFailed,
    ...sums,
    outputPerRow,
    outputFrom: learned ? "earlier-answers" : isBound ? "bound" : "assumption",
    answers: learned ? earlier.answers : 0,
    spentBefore: earlier.costs,
    ...(time === undefined ? {} : { time }),
  };
};

/** The mean of many answers is known well, that of a few less so. */
const around = ({ meanOutputTokens, answers }: EarlierAnswers): Range => {
  const margin = Math.min(0.5, 0.05 + 1 / Math.sqrt(answers));
  return { low: meanOutputTokens * (1 - margin), high: meanOutputTokens * (1 + margin) };
};
