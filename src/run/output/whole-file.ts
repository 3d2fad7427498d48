import { dirname } from "node:path";
import type { Fs, FsFile } from "../files/fs.ts";

/** Writes a whole file so that after a crash there is the old one or the new one, never half of either; returns its size. */
export const writeWhole = async (fs: Fs, path: string, chunks: AsyncIterable<Uint8Array>): Promise<number> => {
  const temporary = `${path}.tmp`;
  const file = await fs.open(temporary, "replace");
  let bytes = 0;
  try {
    for await (const chunk of chunks) {
      await writeAll(file, chunk);
      bytes += chunk.length;
    }
    await file.datasync();
  } catch (error) {
    await file.close();
    await fs.remove(temporary);
    throw error;
  }
  await file.close();
  await fs.rename(temporary, path);
  await fs.syncFolder(dirname(path));
  return bytes;
};

/** A system may take a part only; what the next write says about the rest is the reason, if there is one. */
const writeAll = async (file: FsFile, chunk: Uint8Array): Promise<void> => {
  for (let rest = chunk; rest.length > 0;) {
    const taken = await file.append(rest);
    if (taken === 0) throw new Error(`only ${chunk.length - rest.length} of ${chunk.length} bytes could be written`);
    rest = rest.subarray(taken);
  }
};
