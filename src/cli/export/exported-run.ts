import { basename, dirname, join, resolve } from "node:path";
import { isJsonObject, type JsonObject } from "../../call/json.ts";
import type { Fs } from "../../run/files/fs.ts";
import { type OutputPaths, pathsOf } from "../../run/paths.ts";
import { UsageError } from "../usage-error.ts";

/** A run whose results are exported. */
export interface ExportedRun {
  readonly paths: OutputPaths;
  readonly manifest?: JsonObject;
}

/** Finds a run by its output or its folder. @throws UsageError when there is none */
export const exportedRun = async (handle: string, fs: Fs, folder: string): Promise<ExportedRun> => {
  const path = resolve(folder, handle);
  const named = path.endsWith(".run") ? await manifestIn(fs, path) : undefined;
  const written = named?.["output"];
  const output = typeof written === "string" ? join(dirname(path), basename(written)) : path;
  const paths = await pathsWithRecords(fs, output);
  if (paths === undefined) {
    throw new UsageError(`there is no run ${handle}`, [
      "give  the output of a run, such as labels.jsonl, or its folder",
    ]);
  }
  const manifest = named ?? (await manifestIn(fs, paths.folder));
  return { paths, ...(manifest === undefined ? {} : { manifest }) };
};

/** Whether JSON lines are the records or were made of them, only what stands beside them tells. */
const pathsWithRecords = async (fs: Fs, output: string): Promise<OutputPaths | undefined> => {
  for (const paths of [pathsOf(output, "flat"), pathsOf(output, "openai")]) {
    if ((await fs.stat(paths.truth))?.kind === "file") return paths;
  }
  const usual = pathsOf(output);
  return (await fs.stat(usual.errors))?.kind === "file" ? usual : undefined;
};

const manifestIn = async (fs: Fs, folder: string): Promise<JsonObject | undefined> => {
  const path = join(folder, "manifest.json");
  const found = await fs.stat(path);
  if (found?.kind !== "file" || found.size > mostBytes) return undefined;
  const file = await fs.open(path, "read");
  try {
    const bytes = Buffer.alloc(found.size);
    const value: unknown = JSON.parse(bytes.toString("utf8", 0, await file.read(bytes, 0)));
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  } finally {
    await file.close();
  }
};

/** A file beyond this was not written by a run. */
const mostBytes = 64 * 1024 * 1024;
