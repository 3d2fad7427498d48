import type { Fs } from "../files/fs.ts";
import { pathsOf } from "../paths.ts";
import { type InputPaths, inputFiles } from "./input-files.ts";

/** The files that an input means, one as a path, several as a list; what the run writes is none of them. @throws InputError */
export const meantInput = async (input: InputPaths, output: string | undefined, fs: Fs): Promise<InputPaths> => {
  const apart = output === undefined || output === "-" ? [] : Object.values(pathsOf(output));
  const files = await inputFiles(input, { fs, apart });
  const [only] = files;
  return files.length === 1 && only !== undefined ? only : files;
};
