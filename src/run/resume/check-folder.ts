import { basename, dirname, join } from "node:path";
import type { Fs } from "../files/fs.ts";
import { otherOutput } from "./other-output.ts";
import type { OutputFormat } from "../output/output-format.ts";
import { outputNamed, type OutputPaths, pathsOf } from "../paths.ts";
import { readManifest } from "./manifest.ts";
import { RunError } from "../run-error.ts";
import { runFolder } from "../run-folder.ts";
import type { RunSetting } from "../run-setting.ts";

/**
 * Refuses a folder that belongs to another output: outputs that differ in their ending alone share the folder and the
 * errors file. One that has recorded nothing makes way.
 *
 * @throws RunError which names it: nothing was changed
 */
export const checkFolder = async ({ fs, options }: RunSetting, paths: OutputPaths): Promise<void> => {
  const { output, folder } = paths;
  const manifest = await readManifest(fs, runFolder(folder).manifest);
  const named = manifest?.version === 2 ? outputNamed(manifest, folder) : undefined;
  if (named !== undefined && basename(named) !== basename(output)) {
    if (await hasRecords(fs, named)) throw belongsTo(named, output, folder);
  } else if (options.fresh !== true && (await standElsewhere(fs, paths))) throw otherFormat(output, "flat");
};

const hasRecords = async (fs: Fs, output: string): Promise<boolean> => {
  const [usual, made] = [pathsOf(output), pathsOf(output, "flat")];
  const sizes = await Promise.all([usual.truth, usual.errors, made.truth].map((path) => sizeOf(fs, path)));
  return sizes.some((size) => size > 0);
};

/** Whether the output was begun as one that is made of records, which stand in the folder then. */
const standElsewhere = async (fs: Fs, { output, truth }: OutputPaths): Promise<boolean> =>
  truth === output && (await sizeOf(fs, pathsOf(output, "flat").truth)) > 0;

const sizeOf = async (fs: Fs, path: string): Promise<number> => (await fs.stat(path))?.size ?? 0;

const belongsTo = (other: string, output: string, folder: string): RunError => {
  const there = join(dirname(output), basename(other));
  return new RunError(`cannot write ${output}: ${folder} belongs to the run of ${there}`, {
    exitCode: 2,
    notes: [
      "outputs that differ in their ending alone share that folder and the errors file; nothing was sent",
      `next  -o ${otherOutput(output)}, or another name`,
      `or    sluice export ${there} -o ${output}   if you want the results that there are in this format`,
    ],
  });
};

/** The failure of an output that is to be in another format than its run began with. */
export const otherFormat = (output: string, begun: OutputFormat): RunError =>
  new RunError(`cannot write ${output}: its run has begun with --format ${begun}`, {
    exitCode: 2,
    notes: [
      `next  give --format ${begun} again, or --fresh, which keeps what there is under another name`,
      `or    -o ${otherOutput(output)}, or another name`,
    ],
  });
