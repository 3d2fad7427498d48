import type { Fs, FsFile } from "../files/fs.ts";
import { nodeFs } from "../files/node-fs.ts";
import { unreadable } from "./unreadable.ts";

/** How a file is read. */
export interface ChunkOptions {
  /** @default this machine's */
  readonly fs?: Fs;
  /** What messages call the file. @default the path */
  readonly name?: string;
  readonly signal?: AbortSignal | undefined;
  /** The byte to begin at. @default 0 */
  readonly from?: number;
  /** The byte to end before. @default the file's end */
  readonly to?: number;
  /** How much is read at once. @default 1 MiB */
  readonly chunkBytes?: number;
}

/** Reads a file piece by piece. @throws InputError when it cannot be read */
export async function* readChunks(path: string, options: ChunkOptions = {}): AsyncGenerator<Buffer> {
  const { name = path, signal, from = 0, to = Infinity, chunkBytes = 1024 * 1024, fs = nodeFs } = options;
  let position = from;
  const file = await openToRead(path, name, fs);
  try {
    // Most files are smaller than a chunk; one that has grown since is read to its new end.
    const size = await file.size();
    while (position < to) {
      signal?.throwIfAborted();
      const wanted = Math.min(chunkBytes, to - position, Math.max(size - position, smallest));
      const chunk = await readChunk(file, position, wanted, name);
      if (chunk.length === 0) return;
      position += chunk.length;
      yield chunk;
    }
  } finally {
    await file.close();
  }
}

const smallest = 4096;

/** Opens a file to be read. @throws InputError when that cannot be done */
export const openToRead = async (path: string, name: string, fs: Fs): Promise<FsFile> => {
  try {
    return await fs.open(path, "read");
  } catch (error) {
    throw unreadable(name, error);
  }
};

/** Each chunk has memory of its own, because lines keep pointing into it. */
const readChunk = async (file: FsFile, position: number, size: number, name: string): Promise<Buffer> => {
  const chunk = Buffer.allocUnsafeSlow(size);
  try {
    return chunk.subarray(0, await file.read(chunk, position));
  } catch (error) {
    throw unreadable(name, error);
  }
};
