import { resolve } from "node:path";
import type { Fs } from "../files/fs.ts";
import { openInput } from "../open-input.ts";
import { askingAs } from "../resume/asked.ts";
import { type Manifest, readingIn } from "../resume/manifest.ts";
import { RunError } from "../run-error.ts";
import type { InputOptions } from "../run-options.ts";
import { InputError } from "../source/input-error.ts";
import type { RowIndex } from "../source/row-index.ts";
import type { Source } from "../source/source.ts";

/** The input of an earlier run, read as that run has read it. */
export interface EarlierInput {
  readonly source: Source;
  readonly index: RowIndex;
}

/** What is known of an earlier run. */
export interface EarlierRun {
  readonly fs: Fs;
  /** What its folder says; absent when there is nothing readable. */
  readonly manifest?: Manifest | undefined;
  /** The working directory, for paths in a manifest that names no other. */
  readonly folder: string;
}

/** How an earlier run has read its input. */
export interface EarlierOptions extends InputOptions {
  /** The files, as absolute paths. */
  readonly input: readonly string[];
}

/** The options by which the input of an earlier run is read again; or says why that cannot be. */
export const earlierOptions = ({ fs, manifest, folder }: EarlierRun): EarlierOptions | string => {
  if (manifest === undefined) return "the run's folder does not say what its input was";
  const { inputs, cwd } = manifest;
  if (inputs.includes("-")) return "the input was the standard input";
  const input = inputs.map((path) => resolve(cwd ?? folder, path));
  // The order of the file is that in which it is read.
  return { ...askingAs({ input, fs, sendOrder: "input", ...readingIn(manifest) }, manifest), input };
};

/** Opens the input of an earlier run again; or says why that cannot be. */
export const earlierInput = async (run: EarlierRun, signal: AbortSignal): Promise<EarlierInput | string> => {
  const options = earlierOptions(run);
  if (typeof options === "string") return options;
  try {
    const source = await openInput(options, options.input);
    return { source, index: await source.validate(signal) };
  } catch (error) {
    if (!(error instanceof InputError || error instanceof RunError)) throw error;
    return error.message.split("\n")[0] ?? error.message;
  }
};
