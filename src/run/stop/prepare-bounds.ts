import type { Money } from "../../call/money.ts";
import { addMoney } from "../../call/money.ts";
import { earlierAnswers, noEarlierAnswers, type EarlierAnswers } from "../estimate/earlier-answers.ts";
import { estimateRows } from "../estimate/estimate-rows.ts";
import type { RowEstimating } from "../estimate/row-estimating.ts";
import { RunError } from "../run-error.ts";
import type { RunSetting } from "../run-setting.ts";
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
  readonly possiblyPaid?: readonly Money[];
}

/** So many answers tell how long answers are. */
const enoughAnswers = 1000;

/**
 * Estimates a run, asks whoever wants to be asked, and begins to keep its bounds. Nothing has been sent or written.
 *
 * @throws RunError when its cost cannot be kept, or when the answer is no.
 */
export const prepareBounds = async (setting: RunSetting, basis: BoundsBasis): Promise<Bounds> => {
  const { options, control } = setting;
  const { estimating, skip, done, permanentlyFailed, truth, possiblyPaid = [] } = basis;
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
    warnOfUnpriced(setting, earlier);
  }
  if (options.confirm !== undefined && !(await options.confirm(estimate))) {
    control.preparing.throwIfAborted();
    throw new RunError("the run was not confirmed  (nothing was sent)", { exitCode: 2 });
  }
  return openBounds(setting, { estimating, spentBefore: possiblyPaid.reduce(addMoney, earlier.costs) });
};

const warnOfUnpriced = ({ control }: RunSetting, { unpriced }: EarlierAnswers): void => {
  if (unpriced === 0) return;
  const answers = unpriced === 1 ? "1 earlier answer" : `${unpriced.toLocaleString("en")} earlier answers`;
  control.warn(`the cost of ${answers} is unknown, and not counted against --max-cost`);
};
