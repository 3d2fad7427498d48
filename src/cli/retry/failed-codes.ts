import type { CallErrorCode } from "../../call/call-error.ts";
import { nodeFs } from "../../run/files/node-fs.ts";
import { readRecordLines } from "../../run/records/record-file.ts";
import { errorCodes, isCode, readFailure } from "../../run/records/record-line.ts";
import { isRetried } from "../../run/resume/retry-errors.ts";
import { closest } from "../../call/did-you-mean.ts";
import { UsageError } from "../usage-error.ts";

/** How many recorded failures there are of each code. */
export type CodeCounts = ReadonlyMap<CallErrorCode, number>;

/** Counts the failures in an errors file. */
export const countCodes = async (errors: string): Promise<CodeCounts> => {
  const counts = new Map<CallErrorCode, number>();
  if ((await nodeFs.stat(errors)) === undefined) return counts;
  for await (const lines of readRecordLines(nodeFs, errors)) {
    for (const line of lines) {
      const failure = readFailure(line);
      if (typeof failure === "object") counts.set(failure.code, (counts.get(failure.code) ?? 0) + 1);
    }
  }
  return counts;
};

/** Reads codes that were typed. @throws UsageError for one that is none */
export const parseCodes = (texts: readonly string[]): readonly CallErrorCode[] =>
  texts
    .flatMap((text) => text.split(","))
    .map((text) => {
      const code = text.trim();
      if (isCode(code)) return code;
      const meant = closest(code, errorCodes());
      const guess = meant === undefined ? "" : ` (did you mean ${meant}?)`;
      throw new UsageError(`--code ${text}: there is no such code${guess}`, [`known      ${errorCodes().join(", ")}`]);
    });

/** What is to be said when none of the failures would be sent again. */
export const nothingChosen = (
  counts: CodeCounts,
  codes: readonly CallErrorCode[] | undefined,
  all: boolean,
  shown: string,
): string | undefined => {
  const policy = all ? "all" : "retryable";
  if ([...counts.keys()].some((code) => isRetried(code, policy, codes))) return undefined;
  const list = [...counts].map(([code, count]) => `${code} ${count.toLocaleString("en")}`).join(", ");
  return codes === undefined
    ? `the failed rows would fail again as they are (${list}); sluice retry ${shown} --all sends them all the same`
    : `no row failed with ${codes.join(" or ")}; there are: ${list}`;
};
