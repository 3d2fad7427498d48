import { addMoney } from "../../call/money.ts";
import { earlierAnswers, noEarlierAnswers, type EarlierAnswers } from "../estimate/earlier-answers.ts";
import { estimateRows } from "../estimate/estimate-rows.ts";
import type { RowEstimating } from "../estimate/row-estimating.ts";
import { RunError } from "../run-error.ts";
import type { RunSetting } from "../run-setting.ts";
import type { Owed } from "./owed-before.ts";
import { type Bounds, openBounds } from "./bounds.ts";
import { checkMaxCost } from "./check-max-cost.ts";

/** What is known of a run before its first call. */
export interface BoundsBasis {
  readonly estimating: RowEstimating | undefined;
  readonly skip: (row: number) => boolean;
  readonly done: number;
  readonly permanentlyFailed: number;
  /** The records of earlier runs; absent where there are none. */
  readonly truth?: string;
  /** What earlier runs may have been charged without an answer. @default none */
  readonly possiblyPaid?: Owed;
}

const nothingOwed: Owed = { atMost: [], unpriced: 0 };

/** So many answers tell how long answers are. */
const enoughAnswers = 1000;

/**
 * Estimates a run, asks whoever wants to be asked, and begins to keep its bounds. Nothing has been sent or written.
 *
 * @throws RunError when its cost cannot be kept, or when the answer is no.
 */
export const prepareBounds = async (setting: RunSetting, basis: BoundsBasis): Promise<Bounds> => {
  const { options, control } = setting;
  const { estimating, skip, done, permanentlyFailed, truth, possiblyPaid = nothingOwed } = basis;
  if (estimating === undefined) return openBounds(setting);
  const most = options.maxCost === undefined ? enoughAnswers : Infinity;
  const earlier =
    truth === undefined
      ? noEarlierAnswers
      : await earlierAnswers(setting.fs, truth, { most, signal: control.preparing });
  const { limits } = options.llm.stats();
  const estimate = estimateRows({ rows: estimating.rows, done, permanentlyFailed, skip, limits, earlier });
  if (options.maxCost !== undefined && estimate.toSend > 0) {
    checkMaxCost(options.maxCost, estimate);
    warnOfUnpriced(setting, earlier, possiblyPaid);
  }
  if (options.confirm !== undefined && !(await options.confirm(estimate))) {
    control.preparing.throwIfAborted();
    throw new RunError("the run was not confirmed  (nothing was sent)", { exitCode: 2 });
  }
  return openBounds(setting, { estimating, spentBefore: possiblyPaid.atMost.reduce(addMoney, earlier.costs) });
};

const warnOfUnpriced = (
  { control }: RunSetting,
  { unpriced: answers }: EarlierAnswers,
  { unpriced: lost }: Owed,
): void => {
  if (answers > 0) control.warn(uncounted(answers, "earlier answer"));
  if (lost > 0) control.warn(uncounted(lost, "earlier call", " whose answer was lost"));
};

const uncounted = (count: number, what: string, more = ""): string =>
  `the cost of ${count.toLocaleString("en")} ${what}${count === 1 ? "" : "s"}${more} is unknown, and not counted against --max-cost`;
