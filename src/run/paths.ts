import { basename, dirname, extname, join } from "node:path";
import type { Fs, FsStat } from "./files/fs.ts";
import type { OutputFormat } from "./output/output-format.ts";
import { knownEndings, outputKind, type OutputKind, usualFormat } from "./output/output-kind.ts";
import { RunError, unwritable } from "./run-error.ts";

/** Where a run writes. */
export interface OutputPaths {
  readonly output: string;
  /** The append-only records that the output is made from, or the output itself where it is made of records. */
  readonly truth: string;
  readonly errors: string;
  /** The folder of the lock, the journal and the manifest. */
  readonly folder: string;
}

/**
 * The files that belong to an output: `a.jsonl`, `a.errors.jsonl`, `a.run/`. What is not made of records as they are
 * appended is made of `a.run/results.jsonl`.
 */
export const pathsOf = (output: string, format: OutputFormat = usualFormat(output)): OutputPaths => {
  const { ending, container, gzip } = outputKind(output) ?? plainOf(output);
  const stem = output.slice(0, output.length - ending.length);
  const folder = `${stem}.run`;
  const isRecords = container === "jsonl" && !gzip && format === "openai";
  return isRecords
    ? { output, truth: output, errors: `${stem}.errors${ending}`, folder }
    : { output, truth: join(folder, "results.jsonl"), errors: `${stem}.errors.jsonl`, folder };
};

/** The output that is named in a run's folder, beside which it stands now; nothing when both were given other names since. */
export const outputNamed = ({ output }: { readonly output: string }, folder: string): string | undefined => {
  const path = join(dirname(folder), basename(output));
  return pathsOf(path).folder === folder ? path : undefined;
};

const plainOf = (output: string): OutputKind => ({ container: "jsonl", gzip: false, ending: extname(output) });

/**
 * Where the results of an input go when nobody says: `reviews.csv` → `reviews.out.jsonl`. The results of several files have
 * no name of their own. @throws RunError
 */
export const defaultOutput = (input: string | readonly string[]): string => {
  const [first = "", ...others] = typeof input === "string" ? [input] : input;
  if (others.length > 0) {
    throw new RunError(`several inputs need a name for their results: ${first} and ${others.length} more`, {
      exitCode: 2,
      notes: ["next  -o results.jsonl"],
    });
  }
  if (first === "-") return "-";
  const name = first.replace(/\.gz$/i, "");
  return join(dirname(name), `${basename(name, extname(name))}.out.jsonl`);
};

/** Refuses an output that cannot be one, before anything is touched. @throws RunError */
export const checkPaths = async (fs: Fs, input: string | readonly string[], paths: OutputPaths): Promise<void> => {
  checkEnding(paths.output);
  await checkFolder(fs, paths.output);
  await checkFile(fs, paths.output);
  await checkFile(fs, paths.errors);
  for (const file of typeof input === "string" ? [input] : input) await checkInputApart(fs, file, paths);
};

const checkEnding = (output: string): void => {
  if (outputKind(output) !== undefined) return;
  throw new RunError(`cannot write ${output}: "${extname(output)}" is no format that results are written in`, {
    exitCode: 2,
    notes: [`known ${knownEndings}`, `next  -o ${basename(output, extname(output))}.jsonl`],
  });
};

const checkFolder = async (fs: Fs, output: string): Promise<void> => {
  const folder = dirname(output);
  const found = await statOf(fs, folder, output);
  if (found?.kind === "folder") return;
  throw found === undefined
    ? new RunError(`cannot write ${output}: the folder ${folder} does not exist`, {
        notes: [`next  mkdir -p ${folder}, or choose another output with -o`],
      })
    : new RunError(`cannot write ${output}: ${folder} is not a folder`, { notes: ["choose another output with -o"] });
};

const checkFile = async (fs: Fs, path: string): Promise<void> => {
  const found = await statOf(fs, path);
  if (found === undefined || found.kind === "file") return;
  throw new RunError(`cannot write ${path}: it is ${found.kind === "folder" ? "a directory" : "not a regular file"}`, {
    notes: ["choose another output with -o"],
  });
};

const checkInputApart = async (fs: Fs, input: string, { output, errors }: OutputPaths): Promise<void> => {
  const from = input === "-" ? undefined : await statOf(fs, input);
  if (from === undefined) return;
  const isInput = async (path: string): Promise<boolean> => (await statOf(fs, path))?.identity === from.identity;
  if (await isInput(output)) {
    throw new RunError(`cannot write ${output}: it is the input itself`, {
      exitCode: 2,
      notes: ["results are appended to the output, so it must be another file", "choose another output with -o"],
    });
  }
  if (await isInput(errors)) {
    throw new RunError(`cannot read ${input}: it is where the failed rows of ${output} are written`, {
      exitCode: 2,
      notes: [
        "next  run the first command again: it sends the failed rows once more",
        "or    choose another output with -o",
      ],
    });
  }
};

const statOf = async (fs: Fs, path: string, blamed = path): Promise<FsStat | undefined> => {
  try {
    return await fs.stat(path);
  } catch (error) {
    throw unwritable(blamed, error, "choose another output with -o");
  }
};
