import { runBound } from "../observe/run-bound.ts";
import { workSince } from "../observe/work-since.ts";
import type { ErrorGroups } from "./records/error-groups.ts";
import type { Outcomes } from "./outcomes.ts";
import type { OutputPaths } from "./paths.ts";
import type { Progress } from "./resume/resume.ts";
import type { RunSetting } from "./run-setting.ts";
import type { RunSummary } from "./run-summary.ts";
import type { RowIndex } from "./source/row-index.ts";

/** What a run has come to. */
export interface RunEnd {
  readonly index: RowIndex;
  readonly progress: Progress;
  /** Rows that were answered before this run. */
  readonly resumed: number;
  readonly outcomes: Outcomes;
  readonly groups: ErrorGroups;
  /** Whether every row that was to be sent has an outcome. */
  readonly finished: boolean;
  readonly readerLeft?: boolean;
  readonly paths?: OutputPaths;
}

/** The summary of a run; without an end, of one that was stopped before its first call. */
export const summarize = (setting: RunSetting, end: RunEnd | undefined): RunSummary => {
  const { output, clock, startedAt, startedAtWall } = setting;
  const rows = end?.index.rows ?? 0;
  const succeeded = end?.progress.done.count ?? 0;
  const failed = end?.progress.failed.count ?? 0;
  const stop = end?.outcomes.stop;
  return {
    outcome: outcomeOf(setting, end, failed),
    rows,
    succeeded,
    failed,
    resumed: end?.resumed ?? 0,
    remaining: rows - succeeded - failed,
    ...possiblyPaid(end),
    skippedBlankLines: end?.index.skippedBlankLines ?? 0,
    finishes: end?.outcomes.finishes ?? { length: 0, contentFilter: 0, refusal: 0 },
    errors: end?.groups.list() ?? [],
    ...(stop === undefined ? {} : { stop }),
    ...(setting.control.reached === undefined ? {} : { bound: setting.control.reached }),
    readerLeft: end?.readerLeft ?? false,
    output,
    ...(end?.paths === undefined || failed === 0 ? {} : { errorsFile: end.paths.errors }),
    ...(end?.paths === undefined ? {} : { runFolder: end.paths.folder }),
    startedAt: startedAtWall,
    elapsedMs: clock.now() - startedAt,
    usage: end?.outcomes.usage ?? { inputTokens: 0, outputTokens: 0, cachedTokens: 0, reasoningTokens: 0 },
    ...(end?.outcomes.costs ?? { costs: [], unpricedCalls: 0 }),
    ...(end === undefined ? {} : boundOf(setting)),
  };
};

const possiblyPaid = (
  end: RunEnd | undefined,
): Pick<RunSummary, "possiblyPaidTwice" | "possiblyPaidAtMost" | "possiblyPaidUnpriced"> => {
  const { count = 0, atMost = [], unpriced = 0 } = end?.progress.payments.possiblyTwice() ?? {};
  return { possiblyPaidTwice: count, possiblyPaidAtMost: atMost, possiblyPaidUnpriced: unpriced };
};

const boundOf = ({ options: { llm }, workBefore }: RunSetting): ReturnType<typeof runBound> => {
  const { work, limits } = llm.stats();
  return runBound(workSince(workBefore, work), limits);
};

const outcomeOf = ({ control }: RunSetting, end: RunEnd | undefined, failed: number): RunSummary["outcome"] => {
  if (end?.outcomes.stop !== undefined) return "stopped-early";
  if (end?.finished === true) return failed > 0 ? "failed-rows" : "complete";
  if (control.reached !== undefined) return "bounded";
  return control.signal.aborted ? "aborted" : "drained";
};
