import { join } from "node:path";
import type { JsonObject } from "../../call/json.ts";
import { thisProcess } from "../../run/files/lock-owner.ts";
import { rowDebt } from "../../run/journal/row-debt.ts";
import { nodeFs } from "../../run/files/node-fs.ts";
import { findRecord } from "../../run/records/find-record.ts";
import { originalRequest, type RequestSearch } from "../../run/earlier/original-request.ts";
import { type FoundRun, shownPath } from "../../run/earlier/run-handle.ts";
import { unreadable } from "../../run/source/unreadable.ts";
import { lookAtRun } from "../../run/status/look-at-run.ts";
import { systemClock } from "../../time/system-clock.ts";
import { grouped } from "../display/amount-text.ts";
import { type RunLookWords, runLookWords } from "../display/run-look-words.ts";
import { wantsChinese } from "../display/terminal-style.ts";
import type { Host } from "../host.ts";
import { namedRun } from "../run/named-run.ts";
import type { DisplayFlags } from "../run/run-flags.ts";
import { shellCommand } from "../run/shell-command.ts";
import { stdoutStyle } from "../run/stdout-style.ts";
import { stdoutWriter } from "../run/stdout-writer.ts";
import { type RowFacts, rowLines } from "../show/row-lines.ts";
import { rowRecord } from "../show/row-record.ts";
import { UsageError } from "../usage-error.ts";

/** `sluice show`: one row of a run, whatever became of it. @throws UsageError, RunError, InputError */
export const show = async (handle: string, id: string, flags: DisplayFlags, host: Host): Promise<number> => {
  const run = await namedRun(handle, host);
  const found = await recordOf(run, id);
  const write = stdoutWriter(host.stdout);
  if (flags.json === true && found !== undefined) {
    await write(`${JSON.stringify(found.record)}\n`);
    return 0;
  }
  const words = runLookWords(wantsChinese(host.environment));
  const shown = (path: string): string => shownPath(path, host.folder);
  const facts =
    found === undefined
      ? await rowWithoutRecord(run, id, words, host)
      : await rowWithRecord(run, id, found, words, host);
  if (flags.json === true) {
    const { request, whereabouts } = facts;
    const body = "body" in request ? request.body : null;
    await write(
      `${JSON.stringify({ custom_id: id, body, response: null, error: null, state: whereabouts ?? null })}\n`,
    );
    return 0;
  }
  const lines = rowLines({ ...facts, file: shown(facts.file) }, stdoutStyle(flags, host), words);
  await write(lines.map((line) => `${line}\n`).join(""));
  return 0;
};

interface FoundRecord {
  readonly record: JsonObject;
  readonly path: string;
}

/** A row that was answered may have failed before; the last of its failures counts. */
const recordOf = async ({ paths }: FoundRun, id: string): Promise<FoundRecord | undefined> => {
  const { truth, errors } = paths;
  const answered = await recordIn(truth, id, false);
  if (answered !== undefined) return { record: answered, path: truth };
  const failed = await recordIn(errors, id, true);
  return failed === undefined ? undefined : { record: failed, path: errors };
};

const recordIn = async (path: string, id: string, last: boolean): Promise<JsonObject | undefined> => {
  try {
    return await findRecord({ fs: nodeFs, path, id, last });
  } catch (error) {
    throw unreadable(path, error);
  }
};

const rowWithRecord = async (
  { manifest }: FoundRun,
  id: string,
  { record: raw, path }: FoundRecord,
  words: RunLookWords,
  { folder }: Host,
): Promise<RowFacts> => {
  const record = rowRecord(raw);
  if (record.request !== undefined) return { id, file: path, record, request: { body: record.request } };
  const search = manifest === undefined ? undefined : await originalRequest({ fs: nodeFs, manifest, folder }, id);
  return { id, file: path, record, request: requestOf(search, words) };
};

const requestOf = (search: RequestSearch | undefined, words: RunLookWords): RowFacts["request"] => {
  if (search === undefined) return { missing: words.promptUnknown };
  if (search.found) return { body: search.request.body };
  return { missing: search.why === "absent" ? words.notInInput(search.input) : words.inputGone(search.input) };
};

/** A row without a record is one of the input, or none. @throws UsageError */
const rowWithoutRecord = async (
  { paths, manifest }: FoundRun,
  id: string,
  words: RunLookWords,
  host: Host,
): Promise<RowFacts> => {
  const { folder } = host;
  const search = manifest === undefined ? undefined : await originalRequest({ fs: nodeFs, manifest, folder }, id);
  if (search?.found !== true) throw noSuchRow(id, shownPath(paths.output, folder), search);
  const { state } = await lookAtRun(paths, { fs: nodeFs, owner: thisProcess(), now: systemClock.wallNow() });
  const isLive = state === "running" || state === "reading";
  const attempts = await rowDebt(nodeFs, join(paths.folder, "journal"), id);
  const whereabouts = attempts > 0 ? words.onItsWay(grouped(attempts), isLive) : isLive ? words.notSentYet : undefined;
  return {
    id,
    file: paths.output,
    request: { body: search.request.body },
    ...(whereabouts === undefined ? {} : { whereabouts }),
  };
};

const noSuchRow = (id: string, output: string, search: RequestSearch | undefined): UsageError =>
  new UsageError(`${output} has no row ${JSON.stringify(id)}`, [
    ...(search === undefined || search.found || search.why === "absent"
      ? []
      : ["its input cannot be read any more, so a row without an outcome cannot be found"]),
    `next  ${shellCommand(["sluice", "errors", output, "--ids"])}   lists the ids of failed rows`,
  ]);
