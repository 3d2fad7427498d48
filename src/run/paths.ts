import { stat } from "node:fs/promises";
import { basename, dirname, extname, join } from "node:path";
import { RunError, systemCode, unwritable } from "./run-error.ts";

/** Where a run writes. */
export interface OutputPaths {
  readonly output: string;
  /** The append-only records that the output is made from, or the output itself where it is made of records. */
  readonly truth: string;
  readonly errors: string;
  /** The folder of the lock, the journal and the manifest. */
  readonly folder: string;
}

/** The files that belong to an output: `a.jsonl`, `a.errors.jsonl`, `a.run/`. */
export const pathsOf = (output: string): OutputPaths => {
  const ending = extname(output);
  const stem = output.slice(0, output.length - ending.length);
  return { output, truth: output, errors: `${stem}.errors${ending}`, folder: `${stem}.run` };
};

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
export const checkPaths = async (input: string | readonly string[], paths: OutputPaths): Promise<void> => {
  checkEnding(paths.output);
  await checkFolder(paths.output);
  await checkFile(paths.output);
  await checkFile(paths.errors);
  for (const file of typeof input === "string" ? [input] : input) await checkInputApart(file, paths);
};

const checkEnding = (output: string): void => {
  const ending = extname(output).toLowerCase();
  if (ending === "" || ending === ".jsonl" || ending === ".ndjson") return;
  throw new RunError(`cannot write ${output}: results are written as JSON lines so far, not as "${ending}"`, {
    exitCode: 2,
    notes: [`next  -o ${basename(output, extname(output))}.jsonl`],
  });
};

const checkFolder = async (output: string): Promise<void> => {
  const folder = dirname(output);
  try {
    if ((await stat(folder)).isDirectory()) return;
  } catch (error) {
    if (systemCode(error) !== "ENOENT") throw unwritable(output, error, "choose another output with -o");
    throw new RunError(`cannot write ${output}: the folder ${folder} does not exist`, {
      notes: [`next  mkdir -p ${folder}, or choose another output with -o`],
      cause: error,
    });
  }
  throw new RunError(`cannot write ${output}: ${folder} is not a folder`, { notes: ["choose another output with -o"] });
};

const checkFile = async (path: string): Promise<void> => {
  const found = await statOf(path);
  if (found === undefined || found.isFile()) return;
  throw new RunError(`cannot write ${path}: it is ${found.isDirectory() ? "a directory" : "not a regular file"}`, {
    notes: ["choose another output with -o"],
  });
};

const checkInputApart = async (input: string, { output, errors }: OutputPaths): Promise<void> => {
  const from = input === "-" ? undefined : await statOf(input);
  if (from === undefined) return;
  const isInput = async (path: string): Promise<boolean> => {
    const to = await statOf(path);
    return to !== undefined && to.dev === from.dev && to.ino === from.ino;
  };
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

/** As bigint, because inode numbers of some file systems do not fit into a double. */
const statOf = async (
  path: string,
): Promise<{ dev: bigint; ino: bigint; isFile(): boolean; isDirectory(): boolean } | undefined> => {
  try {
    return await stat(path, { bigint: true });
  } catch (error) {
    if (systemCode(error) === "ENOENT" || systemCode(error) === "ENOTDIR") return undefined;
    throw unwritable(path, error, "choose another output with -o");
  }
};
