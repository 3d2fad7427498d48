import { join, resolve } from "node:path";
import { closest } from "../../call/did-you-mean.ts";
import type { Fs } from "../../run/files/fs.ts";
import { nodeFs } from "../../run/files/node-fs.ts";
import { exportRun, type Exported, type ExportOptions } from "../../run/output/export-run.ts";
import type { FlatTable } from "../../run/output/flat-columns.ts";
import { checkOutputOptions } from "../../run/output/make-output.ts";
import { outputFormats, resultOrders } from "../../run/output/output-format.ts";
import { jsonLines, outputKind, usualFormat } from "../../run/output/output-kind.ts";
import type { FoundRun } from "../../run/earlier/run-handle.ts";
import { systemClock } from "../../time/system-clock.ts";
import { printableLine } from "../display/printable.ts";
import { wantsChinese } from "../display/terminal-style.ts";
import type { Host } from "../host.ts";
import { parseChoice } from "../parse/parse-choice.ts";
import { namedRun } from "../run/named-run.ts";
import type { RunFlags } from "../run/run-flags.ts";
import { stdoutWriter } from "../run/stdout-writer.ts";
import { stopAtOnce } from "../run/stop-at-once.ts";
import { signalExitCode } from "../run/stop-signals.ts";
import { UsageError } from "../usage-error.ts";

/** The flags of `sluice export`, as they were typed. */
export interface ExportFlags extends Pick<RunFlags, "output" | "format" | "order" | "csvBom"> {
  readonly fields?: string;
  readonly force?: boolean;
}

/** `sluice export`: writes the results of a run, finished or not, into a file of another kind. @throws UsageError */
export const exportResults = async (handle: string, flags: ExportFlags, host: Host): Promise<number> => {
  const { output, ...settings } = exportSettings(flags, host);
  const run = await namedRun(handle, host);
  const to = output === "-" ? "-" : resolve(host.folder, output);
  if (to !== "-") await checkTarget(nodeFs, to, run, flags.force === true);
  const stop = stopAtOnce(host, () => systemClock.now(), signalExitCode);
  const warn = (message: string): void => void host.stderr.write(`warning: ${printableLine(message)}\n`);
  const write = stdoutWriter(host.stdout);
  try {
    const exported = await exportRun({
      fs: nodeFs,
      ...run,
      folder: host.folder,
      ...settings,
      to: to === "-" ? (bytes) => write(Buffer.from(bytes).toString("utf8")) : to,
      signal: stop.signal,
      warn,
    });
    host.stderr.write(`${printableLine(summaryOf(exported, output))}\n`);
    return 0;
  } catch (error) {
    if (stop.received !== undefined) return signalExitCode(stop.received);
    throw error;
  } finally {
    stop[Symbol.dispose]();
  }
};

const exportSettings = (
  { output, format, order, csvBom, fields }: ExportFlags,
  { environment }: Host,
): Pick<ExportOptions, "kind" | "format" | "order" | "csvBom" | "fields"> & { readonly output: string } => {
  if (output === undefined) {
    throw new UsageError("nowhere to export to", [
      "next  -o results.csv, .tsv, .parquet or .jsonl; or -o - for stdout",
    ]);
  }
  const name = output === "-" ? "stdout.jsonl" : output;
  const chosen = format === undefined ? usualFormat(name) : parseChoice(format, "--format", outputFormats);
  const ordered = order === undefined ? "input" : parseChoice(order, "--order", resultOrders);
  checkOutputOptions(name, chosen, ordered);
  if (fields !== undefined && chosen !== "flat") throw new UsageError("--fields needs flat rows: --format flat");
  return {
    output,
    kind: outputKind(name) ?? jsonLines,
    format: chosen,
    order: ordered,
    csvBom: csvBom ?? wantsChinese(environment),
    fields: fields === undefined ? undefined : (table) => chosenFields(fields, table),
  };
};

const chosenFields = (text: string, { columns }: FlatTable): readonly string[] => {
  const known = new Set(columns.map(({ name }) => name));
  const names = text.split(",").map((name) => name.trim());
  for (const name of names) {
    if (known.has(name)) continue;
    const meant = closest(name, known);
    const guess = meant === undefined ? "" : ` (did you mean ${meant}?)`;
    throw new UsageError(`--fields ${name}: there is no such column${guess}`, [`known  ${[...known].join(", ")}`]);
  }
  return names;
};

/** What a run has written is never overwritten by an export of it. */
const checkTarget = async (fs: Fs, to: string, { paths }: FoundRun, force: boolean): Promise<void> => {
  const found = await fs.stat(to);
  if (found === undefined) return;
  const own = [paths.output, paths.truth, paths.errors, join(paths.folder, "manifest.json")];
  const others = await Promise.all(own.map((path) => fs.stat(path)));
  if (others.some((other) => other?.identity === found.identity)) {
    throw new UsageError(`cannot write ${to}: it belongs to the run itself`, ["next  choose another file with -o"]);
  }
  if (!force) throw new UsageError(`cannot write ${to}: it exists`, ["next  --force overwrites it"]);
};

const summaryOf = ({ rows, answered, failed }: Exported, output: string): string => {
  const pending = Math.max(0, rows - answered - failed);
  const parts = [
    `${rows.toLocaleString("en")} ${rows === 1 ? "row" : "rows"} → ${output === "-" ? "stdout" : output}`,
    ...(failed === 0 ? [] : [`${failed.toLocaleString("en")} failed`]),
    ...(pending === 0 ? [] : [`${pending.toLocaleString("en")} not answered yet`]),
  ];
  return parts.join(" · ");
};
