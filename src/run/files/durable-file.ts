import { dirname } from "node:path";
import type { Fs, FsFile } from "./fs.ts";

/** Writes a whole file so that after a crash there is the old one or the new one, never half of either. */
export const replaceFile = async (
  fs: Fs,
  path: string,
  chunks: Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>,
): Promise<void> => {
  const temporary = `${path}.tmp`;
  const file = await fs.open(temporary, "replace");
  try {
    for await (const chunk of chunks) await appendAll(file, typeof chunk === "string" ? Buffer.from(chunk) : chunk);
    await file.datasync();
  } catch (error) {
    await file.close();
    await fs.remove(temporary);
    throw error;
  }
  await file.close();
  await fs.rename(temporary, path);
  await fs.syncFolder(dirname(path));
};

/** Appends every byte: a system may take only a part, and what the next call says about the rest is the reason. */
export const appendAll = async (file: Pick<FsFile, "append">, data: Uint8Array): Promise<void> => {
  for (let rest = data; rest.length > 0;) {
    const taken = await file.append(rest);
    if (taken === 0) throw cutShort(data.length - rest.length, data.length);
    rest = rest.subarray(taken);
  }
};

/** What is said of a write that took nothing and gave no reason. */
export const cutShort = (written: number, length: number): Error =>
  new Error(`only ${written} of ${length} bytes could be written`);
