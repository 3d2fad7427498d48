import type { CallErrorCode } from "../../call/call-error.ts";
import { thisProcess } from "../../run/files/lock-owner.ts";
import { nodeFs } from "../../run/files/node-fs.ts";
import { type ErrorCause, ErrorCauses, type FailedRow } from "../../run/errors/error-causes.ts";
import { failedRows } from "../../run/errors/failed-rows.ts";
import { errorCodes } from "../../run/records/record-line.ts";
import { type FoundRun, shownPath } from "../../run/earlier/run-handle.ts";
import { lookAtRun, type RunLook } from "../../run/status/look-at-run.ts";
import { systemClock } from "../../time/system-clock.ts";
import { grouped } from "../display/amount-text.ts";
import { printLine } from "../display/line.ts";
import { runLookWords } from "../display/run-look-words.ts";
import { wantsChinese } from "../display/terminal-style.ts";
import { causeLines } from "../errors/cause-lines.ts";
import type { Host } from "../host.ts";
import { parseChoice } from "../parse/parse-choice.ts";
import { parseWhole } from "../parse/parse-whole.ts";
import { namedRun } from "../run/named-run.ts";
import type { DisplayFlags } from "../run/run-flags.ts";
import { stdoutStyle } from "../run/stdout-style.ts";
import { stdoutWriter } from "../run/stdout-writer.ts";
import { UsageError } from "../usage-error.ts";

/** The flags of `sluice errors`, as they were typed. */
export interface ErrorsFlags {
  readonly code?: string;
  readonly limit?: string;
  readonly ids?: boolean;
}

/** `sluice errors`: the failed rows of a run by cause, each with a fix. @throws UsageError, RunError, InputError */
export const errors = async (handle: string, flags: ErrorsFlags & DisplayFlags, host: Host): Promise<number> => {
  if (flags.ids === true && flags.json === true) {
    throw new UsageError("--ids and --json both say what stdout gets", ["next  leave one of them out"]);
  }
  const code = flags.code === undefined ? undefined : parseChoice(flags.code, "--code", errorCodes());
  const shownIds = flags.limit === undefined ? usualIds : parseWhole(flags.limit, "--limit", 1, mostIds);
  const run = await namedRun(handle, host);
  const look = await lookAtRun(run.paths, { fs: nodeFs, owner: thisProcess(), now: systemClock.wallNow() });
  const asked = { run, look, flags, host, shownIds, ...(code === undefined ? {} : { code }) };
  await (flags.ids === true ? listIds(asked) : showCauses(asked));
  return 0;
};

const usualIds = 3;
const mostIds = 1000;

interface Asked {
  readonly run: FoundRun;
  readonly look: RunLook;
  readonly flags: DisplayFlags;
  readonly host: Host;
  readonly shownIds: number;
  readonly code?: CallErrorCode;
}

interface Reading {
  readonly batches: AsyncGenerator<readonly FailedRow[]>;
  readonly unreadable: () => number;
}

/** A run that has ended has put its errors file in order. */
const readingOf = ({ run: { paths }, look, code }: Asked): Reading => {
  let unreadable = 0;
  const rows = failedRows({
    fs: nodeFs,
    paths,
    tidy: look.state === "ended" && look.status?.outcome !== "error",
    onUnreadable: () => (unreadable += 1),
  });
  const batches = (async function* () {
    for await (const batch of rows) yield code === undefined ? batch : batch.filter((row) => row.code === code);
  })();
  return { batches, unreadable: () => unreadable };
};

const listIds = async (asked: Asked): Promise<void> => {
  const write = stdoutWriter(asked.host.stdout);
  for await (const batch of readingOf(asked).batches) {
    if (!(await write(batch.map(({ id }) => `${idLine(id)}\n`).join("")))) return;
  }
};

/** An id with a newline or an escape sequence in it is no line; as JSON it is. */
const idLine = (id: string): string => (/[\p{Cc}\u2028\u2029]/u.test(id) ? JSON.stringify(id) : id);

const showCauses = async (asked: Asked): Promise<void> => {
  const { run, look, flags, host, shownIds, code } = asked;
  const causes = new ErrorCauses({ keptIds: shownIds });
  const { batches, unreadable } = readingOf(asked);
  for await (const batch of batches) for (const row of batch) causes.add(row);
  const write = stdoutWriter(host.stdout);
  const rows = look.status?.rows;
  const total = rows === undefined ? {} : { rows };
  if (flags.json === true) {
    const list = causes.list().map(causeJson);
    await write(
      `${JSON.stringify({ output: run.paths.output, errors_file: run.paths.errors, failed: causes.count, ...total, causes: list }, null, 2)}\n`,
    );
    return;
  }
  const chinese = wantsChinese(host.environment);
  const words = runLookWords(chinese);
  const style = stdoutStyle(flags, host);
  const output = shownPath(run.paths.output, host.folder);
  if (unreadable() > 0) host.stderr.write(`warning: ${words.unreadableLines(grouped(unreadable()))}\n`);
  if (causes.count === 0) {
    await write(`${code === undefined ? words.noneFailed(output) : words.noneFailedSo(output, code)}\n`);
    return;
  }
  const errorsFile = shownPath(run.paths.errors, host.folder);
  const facts = {
    causes: causes.list(),
    failed: causes.count,
    ...total,
    errors: errorsFile,
    output,
    shownIds,
    chinese,
  };
  const lines = causeLines(facts, style, words).map(({ line, whole = false }) =>
    printLine(line, whole ? { ...style, width: Infinity } : style),
  );
  await write(lines.map((line) => `${line}\n`).join(""));
};

const causeJson = ({ code, status, count, message, retryable, models, attempts, ids }: ErrorCause): object => ({
  code,
  status: status ?? null,
  count,
  message: message ?? null,
  retryable,
  models,
  attempts: attempts ?? null,
  ids,
});
