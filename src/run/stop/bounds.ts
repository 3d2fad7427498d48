import { CallError, type CallErrorCode } from "../../call/call-error.ts";
import type { Money } from "../../call/money.ts";
import type { Result } from "../../call/result.ts";
import type { ChatReply } from "../../client/chat-reply.ts";
import type { Timer } from "../../time/clock.ts";
import type { RowEstimating } from "../estimate/row-estimating.ts";
import { RunError } from "../run-error.ts";
import type { RunSetting } from "../run-setting.ts";
import type { RowWatch } from "../sending/row-watch.ts";
import type { Row } from "../source/row.ts";
import { Budget } from "./budget.ts";
import { HaltCount } from "./halt-count.ts";
import { inWords } from "./in-words.ts";
import { RowGate } from "./row-gate.ts";

/** What keeps a run within the bounds that its user has set. */
export interface Bounds extends RowWatch, Disposable {
  /** The rows as they may be sent. */
  rows(source: AsyncIterable<Row>): AsyncIterable<Row>;
  /** To be told each result; true when its row comes through `rows` once more, and this result is none. */
  settled(row: Row, result: Result<ChatReply>): boolean;
}

/** What bounds know beside the options of the run. */
export interface BoundsParts {
  /** Needed to keep a cost. */
  readonly estimating?: RowEstimating;
  /** What earlier runs of the output have spent, or may have. */
  readonly spentBefore?: readonly Money[];
}

/** Begins to keep the bounds of a run. */
export const openBounds = (setting: RunSetting, parts: BoundsParts = {}): Bounds => {
  const { halt } = setting.options;
  const cost = costBound(setting, parts);
  const count = halt === undefined ? undefined : new HaltCount(halt);
  const timer = durationBound(setting);
  return {
    rows: (source) => cost?.gate.rows(source) ?? source,
    attempt: ({ id }) => (cost === undefined || cost.budget.attempt(id) ? undefined : noRoom()),
    attemptEnded: ({ id }, failure) => cost?.budget.attemptEnded(id, failure),
    settled: (row, result) => {
      const comesBack = cost?.gate.settled(row, result) === true;
      if (!comesBack && count !== undefined) follow(setting, count, result);
      return comesBack;
    },
    [Symbol.dispose]: () => timer?.[Symbol.dispose](),
  };
};

const noRoom = (): CallError =>
  new CallError("budget", "The call was not tried again: what it may cost does not fit into what the run may cost");

interface CostBound {
  readonly budget: Budget;
  readonly gate: RowGate;
}

const costBound = (
  { options, control }: RunSetting,
  { estimating, spentBefore = [] }: BoundsParts,
): CostBound | undefined => {
  const { maxCost: most } = options;
  if (most === undefined || estimating === undefined) return undefined;
  const { currency } = most;
  const before = spentBefore.find((spent) => spent.currency === currency)?.amount ?? 0;
  const budget = new Budget(most.amount, before);
  const onFull = (amount: number): void => {
    const [spent, next] = [
      { amount: budget.spent, currency },
      { amount, currency },
    ];
    const message = `the next row may cost ${inWords(next)}, and ${inWords(spent)} of ${inWords(most)} may be spent already`;
    control.bound({ kind: "max-cost", message, most, spent, next });
  };
  const atMost = (row: Row): number => {
    const { atMost: cost } = estimating.estimate(row);
    if (cost?.currency === currency) return cost.amount;
    throw new RunError(`cannot keep "maxCost": what the row ${JSON.stringify(row.id)} costs is unknown`, {
      exitCode: 2,
    });
  };
  const gate = new RowGate({ budget, most, atMost, onFull, ends: [control.drain, control.signal] });
  return { budget, gate };
};

/** Rows that ended because we stopped have not failed. */
const unfinished: ReadonlySet<CallErrorCode> = new Set(["cancelled", "closed", "budget"]);

const follow = ({ options, control }: RunSetting, count: HaltCount, result: Result<ChatReply>): void => {
  if (!result.ok && unfinished.has(result.error.code)) return;
  if (!count.add(result.ok)) return;
  const { failed, finished } = count;
  const message = `${failed.toLocaleString("en")} of ${finished.toLocaleString("en")} rows failed`;
  control.bound({ kind: "halt", message, failed, finished }, options.halt?.when);
};

/** The time counts from the first call: reading the input and asking the user take none of it. */
const durationBound = ({ options, control, clock }: RunSetting): Timer | undefined => {
  const { maxDurationMs } = options;
  if (maxDurationMs === undefined) return undefined;
  const reached = (): void =>
    control.bound({ kind: "max-duration", message: "the time that the run may take is over" });
  return clock.schedule(clock.now() + maxDurationMs, reached);
};
