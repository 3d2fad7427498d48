import { basename, dirname, extname, isAbsolute, join, relative, resolve } from "node:path";
import { closest } from "../../call/did-you-mean.ts";
import type { Fs, FsStat } from "../files/fs.ts";
import { defaultOutput, outputNamed, type OutputPaths, pathsOf } from "../paths.ts";
import { recordKind } from "../records/record-line.ts";
import { type Manifest, readManifest } from "../resume/manifest.ts";
import { RunError, systemCode } from "../run-error.ts";
import { runFolder } from "../run-folder.ts";

/** A run that a handle names. */
export interface FoundRun {
  readonly paths: OutputPaths;
  /** What its folder says of it; absent when there is no folder, or nothing readable in it. */
  readonly manifest?: Manifest;
}

/** Where a run is looked for. */
export interface HandleOptions {
  readonly fs: Fs;
  /** The working directory. */
  readonly folder: string;
  /** The outputs of this machine's runs, the newest first. */
  readonly recent: () => Promise<readonly string[]>;
}

/**
 * Finds the run of a handle: its output, its errors file, its folder, or `last`. Paths in what is found are absolute.
 *
 * @throws RunError which says what there is nearby
 */
export const findRun = async (handle: string, options: HandleOptions): Promise<FoundRun> => {
  try {
    const output = handle === "last" ? await lastOutput(options) : await outputOf(handle, options);
    return await runAt(options.fs, output);
  } catch (error) {
    if (error instanceof RunError) throw error;
    throw new RunError(`cannot read ${handle}: ${systemCode(error) || String(error)}`, { cause: error });
  }
};

/** Also JSON lines may have been made of records that stand in the folder, unless that is another output's. */
const runAt = async (fs: Fs, output: string): Promise<FoundRun> => {
  const [usual, made] = [pathsOf(output), pathsOf(output, "flat")];
  const manifest = await manifestIn(fs, usual.folder);
  if (manifest !== undefined && !isOf(manifest, output)) return { paths: usual };
  const paths = (await fs.stat(made.truth)) === undefined ? usual : made;
  return { paths, ...(manifest === undefined ? {} : { manifest }) };
};

/** A path as it is shown: relative where it is below the working directory. */
export const shownPath = (path: string, folder: string): string => {
  const below = relative(folder, path);
  return below === "" || below.startsWith("..") || isAbsolute(below) ? path : below;
};

const lastOutput = async ({ fs, recent }: HandleOptions): Promise<string> => {
  for (const output of await recent()) if (await isRun(fs, output)) return output;
  throw new RunError("no run of this machine is known any more", {
    exitCode: 2,
    notes: ["next  name the output of a run instead: sluice status labels.jsonl"],
  });
};

const outputOf = async (handle: string, options: HandleOptions): Promise<string> => {
  const { fs, folder } = options;
  const path = resolve(folder, handle);
  const found = await fs.stat(path);
  if (found?.kind === "folder") return outputOfFolder(path, handle, options);
  if (await belongs(fs, path)) return path;
  const ofErrors = await outputOfErrors(fs, path);
  if (ofErrors !== undefined) return ofErrors;
  if (found !== undefined) return outputOfFile(path, handle, found, options);
  const run = extname(path) === "" ? await outputWithStem(fs, path) : undefined;
  if (run !== undefined) return run;
  throw await notFound(path, handle, options);
};

/** Whether something of a run stands beside an output, which may not be there itself. */
const belongs = async (fs: Fs, output: string): Promise<boolean> => {
  const { folder, errors } = pathsOf(output);
  if (folder === output || errors === output || extname(output) === "") return false;
  const manifest = await manifestIn(fs, folder);
  // Of two outputs that differ in their ending only one has the folder.
  if (manifest !== undefined) return isOf(manifest, output);
  if (output.includes(".errors.") && (await fs.stat(output)) !== undefined) return false;
  return (await fs.stat(errors)) !== undefined && (await fs.stat(output)) !== undefined;
};

const isOf = (manifest: Manifest, output: string): boolean =>
  (outputNamed(manifest, pathsOf(output).folder) ?? output) === output;

const isRun = async (fs: Fs, output: string): Promise<boolean> =>
  (await fs.stat(output)) !== undefined || (await fs.stat(pathsOf(output).folder)) !== undefined;

const endings = [".jsonl", ".ndjson", ".csv", ".parquet", ".json", ".jsonl.gz", ".csv.gz", ""];

/** The output whose folder has that stem: as the folder says, or the file that is there. */
const outputWithStem = async (fs: Fs, stem: string): Promise<string | undefined> => {
  const folder = `${stem}.run`;
  const manifest = await manifestIn(fs, folder);
  const named = manifest === undefined ? undefined : outputNamed(manifest, folder);
  if (named !== undefined) return named;
  for (const ending of endings) {
    if ((await fs.stat(stem + ending))?.kind === "file") return stem + ending;
  }
  for (const ending of endings) {
    if ((await fs.stat(pathsOf(stem + ending).errors))?.kind === "file") return stem + ending;
  }
  return undefined;
};

const outputOfErrors = async (fs: Fs, path: string): Promise<string | undefined> => {
  const stem = /^(.+)\.errors(?:\.\w+)?$/u.exec(path)?.[1];
  return stem === undefined ? undefined : outputWithStem(fs, stem);
};

const outputOfFolder = async (path: string, handle: string, { fs, folder }: HandleOptions): Promise<string> => {
  const output = path.endsWith(".run") ? await outputWithStem(fs, path.slice(0, -".run".length)) : undefined;
  if (output !== undefined) return output;
  const runs = await runsIn(fs, path);
  throw new RunError(`${handle} is a folder, and not that of a run`, {
    exitCode: 2,
    notes:
      runs.length === 0 ? [noneNear] : [`runs in it  ${listed(runs.map((run) => shownPath(join(path, run), folder)))}`],
  });
};

/** A file without anything beside it is an output when it looks like one. */
const outputOfFile = async (path: string, handle: string, found: FsStat, options: HandleOptions): Promise<string> => {
  const { fs, folder } = options;
  if (found.kind === "file" && (await hasRecords(fs, path))) return path;
  const other = defaultOutput(path);
  const isInput = await isRun(fs, other);
  throw new RunError(`${handle} is not the output of a run`, {
    exitCode: 2,
    notes: isInput ? [`it is an input; did you mean ${shownPath(other, folder)}?`] : [await nearby(path, options)],
  });
};

/** Whether a file begins as records do. */
export const hasRecords = async (fs: Fs, path: string): Promise<boolean> => {
  const file = await fs.open(path, "read");
  try {
    const bytes = Buffer.alloc(4096);
    const text = bytes.toString("utf8", 0, await file.read(bytes, 0));
    return text === "" || recordKind.head.test(text) || batchRecord.test(text);
  } finally {
    await file.close();
  }
};

/** Others write the fields in another order, and jq sorts them when it is told to. */
const batchRecord = /^\s*\{(?=[^\n]*"custom_id")(?=[^\n]*"(?:response|error)")/u;

const notFound = async (path: string, handle: string, options: HandleOptions): Promise<RunError> =>
  new RunError(`cannot read ${handle}: there is no such run`, { notes: [await nearby(path, options)] });

const nearby = async (path: string, { fs, folder }: HandleOptions): Promise<string> => {
  const runs = await runsIn(fs, dirname(path));
  const meant = closest(basename(path), runs);
  const shown = (run: string): string => shownPath(join(dirname(path), run), folder);
  if (meant !== undefined) return `did you mean ${shown(meant)}?`;
  return runs.length === 0 ? noneNear : `runs there  ${listed(runs.map(shown))}`;
};

const noneNear = "next  name the output of a run, its folder, or last; sluice status lists the runs of this machine";

const mostListed = 5;

const listed = (names: readonly string[]): string =>
  names.slice(0, mostListed).join(", ") + (names.length > mostListed ? `, … ${names.length - mostListed} more` : "");

/** The outputs of the runs whose folders stand in a folder. */
const runsIn = async (fs: Fs, folder: string): Promise<readonly string[]> => {
  try {
    const stems = (await fs.list(folder)).filter((name) => name.endsWith(".run")).map((name) => name.slice(0, -4));
    const outputs = await Promise.all(stems.slice(0, 200).map((stem) => outputWithStem(fs, join(folder, stem))));
    return outputs.filter((output) => output !== undefined).map((output) => basename(output));
  } catch {
    return [];
  }
};

const manifestIn = async (fs: Fs, folder: string): Promise<Manifest | undefined> => {
  const found = await readManifest(fs, runFolder(folder).manifest);
  return found?.version === 2 ? found : undefined;
};
