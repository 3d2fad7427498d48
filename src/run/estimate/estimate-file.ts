import { nodeFs } from "../files/node-fs.ts";
import { openInput } from "../open-input.ts";
import { defaultOutput, pathsOf } from "../paths.ts";
import { readFailure, readRecord } from "../records/record-line.ts";
import { readRecords } from "../records/record-file.ts";
import { noProgress, type Progress } from "../resume/resume.ts";
import { isRetried } from "../resume/retry-errors.ts";
import type { RunFileOptions } from "../run-options.ts";
import type { RowIndex } from "../source/row-index.ts";
import { earlierAnswers, noEarlierAnswers } from "./earlier-answers.ts";
import { estimateRows } from "./estimate-rows.ts";
import { rowEstimating } from "./row-estimating.ts";
import type { RunEstimate } from "./run-estimate.ts";

/** Says what the same call of `runFile` would take. Nothing is sent, and no file is changed. @throws InputError, RunError */
export const estimateFile = async (options: RunFileOptions): Promise<RunEstimate> => {
  const { input, output = defaultOutput(input), fresh = false, signal = new AbortController().signal } = options;
  const estimating = await rowEstimating({ ...options, confirm: () => true }, { all: true });
  if (estimating === undefined) throw new TypeError(`Cannot estimate: the client has no "estimates"`);
  const source = await openInput({ ...options, sendOrder: "input" }, input);
  const index = await source.validate(signal, estimating.add);
  const isNew = fresh || output === "-";
  const progress = isNew ? noProgress(index.rows) : await lookedAt(output, index, options, signal);
  const truth = pathsOf(output).truth;
  const { limits } = options.llm.stats();
  return estimateRows({
    rows: estimating.rows,
    done: progress.done.count,
    permanentlyFailed: progress.left.count,
    skip: (row) => progress.done.has(row) || progress.left.has(row),
    limits,
    earlier: isNew ? noEarlierAnswers : await earlierAnswers(options.fs ?? nodeFs, truth, { signal }),
  });
};

/** What earlier runs have done; unlike a run, it repairs nothing. */
const lookedAt = async (
  output: string,
  index: RowIndex,
  { retryErrors = "retryable", fs = nodeFs }: RunFileOptions,
  signal: AbortSignal,
): Promise<Pick<Progress, "done" | "left">> => {
  const { truth, errors } = pathsOf(output);
  const { done, left } = noProgress(index.rows);
  const answered = ({ customId, ok }: { readonly customId: string; readonly ok: boolean }): void => {
    const row = index.find(customId);
    if (row !== undefined && ok) done.add(row);
  };
  // A torn tail is what a run would cut off.
  await readRecords(fs, truth, (line) => tolerant(readRecord(line)), answered, signal);
  await readRecords(
    fs,
    errors,
    (line) => tolerant(readFailure(line)),
    ({ customId, code }) => {
      const row = index.find(customId);
      if (row === undefined || done.has(row)) return;
      if (isRetried(code, retryErrors)) left.delete(row);
      else left.add(row);
    },
    signal,
  );
  return { done, left };
};

const tolerant = <T extends object>(record: T | "damaged" | "foreign"): T | Nobody | "foreign" =>
  record === "damaged" ? nobody : record;

type Nobody = typeof nobody;

/** No row has that id. */
const nobody = { customId: "", ok: false, code: "network" } as const;
