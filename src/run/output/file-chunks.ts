import type { Fs, FsFile } from "../files/fs.ts";
import { unreadable } from "../source/unreadable.ts";

/** How a file is read. */
export interface FileChunkOptions {
  readonly signal?: AbortSignal | undefined;
  /** The byte to begin at. @default 0 */
  readonly from?: number;
  /** The byte to end before. @default the file's end */
  readonly to?: number;
}

const chunkBytes = 1024 * 1024;

/** Reads a file, or a part of it, piece by piece; a missing file is empty. Each piece has memory of its own. */
export async function* readFileChunks(fs: Fs, path: string, options: FileChunkOptions = {}): AsyncGenerator<Buffer> {
  const { signal, from = 0, to = Number.MAX_SAFE_INTEGER } = options;
  if ((await fs.stat(path)) === undefined) return;
  const file = await openToRead(fs, path);
  try {
    for (let position = from; position < to;) {
      signal?.throwIfAborted();
      const chunk = Buffer.allocUnsafeSlow(Math.min(chunkBytes, to - position));
      const taken = await file.read(chunk, position);
      if (taken === 0) return;
      position += taken;
      yield chunk.subarray(0, taken);
    }
  } finally {
    await file.close();
  }
}

/** Opens a file to read it. @throws InputError in words */
export const openToRead = async (fs: Fs, path: string): Promise<FsFile> => {
  try {
    return await fs.open(path, "read");
  } catch (error) {
    throw unreadable(path, error);
  }
};
