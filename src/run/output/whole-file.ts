import { replaceFile } from "../files/durable-file.ts";
import type { Fs } from "../files/fs.ts";

/** Writes a whole file so that after a crash there is the old one or the new one, never half of either; returns its size. */
export const writeWhole = async (fs: Fs, path: string, chunks: AsyncIterable<Uint8Array>): Promise<number> => {
  let bytes = 0;
  async function* counted(): AsyncGenerator<Uint8Array> {
    for await (const chunk of chunks) {
      bytes += chunk.length;
      yield chunk;
    }
  }
  await replaceFile(fs, path, counted());
  return bytes;
};
