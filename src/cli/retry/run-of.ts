import { existsSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { nodeFs } from "../../run/files/node-fs.ts";
import { type OutputPaths, pathsOf } from "../../run/paths.ts";
import { readManifest, type Manifest } from "../../run/resume/manifest.ts";
import { UsageError } from "../usage-error.ts";

/** A run that was made before. */
export interface EarlierRun {
  readonly paths: OutputPaths;
  /** Absent where its folder does not say how it was started. */
  readonly manifest?: Manifest;
}

/** Finds a run by its output or its folder. @throws UsageError when there is none */
export const runOf = async (handle: string, folder: string): Promise<EarlierRun> => {
  const path = resolve(folder, handle);
  const named = path.endsWith(".run") ? await manifestIn(path) : undefined;
  const output = named === undefined ? path : join(dirname(path), basename(named.output));
  const paths = pathsOf(output);
  const manifest = named ?? (await manifestIn(paths.folder));
  if (manifest === undefined && !existsSync(paths.output) && !existsSync(paths.errors)) {
    throw new UsageError(`there is no run ${handle}`, [
      "give       the output of a run, such as labels.jsonl, or its folder",
    ]);
  }
  return { paths, ...(manifest === undefined ? {} : { manifest }) };
};

const manifestIn = async (folder: string): Promise<Manifest | undefined> => {
  const found = await readManifest(nodeFs, join(folder, "manifest.json"));
  return found?.version === 2 ? found : undefined;
};
