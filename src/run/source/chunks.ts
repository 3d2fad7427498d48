import { open, type FileHandle } from "node:fs/promises";
import { unreadable } from "./unreadable.ts";

/** How a file is read. */
export interface ChunkOptions {
  /** What messages call the file. @default the path */
  readonly name?: string;
  readonly signal?: AbortSignal | undefined;
  /** The byte to begin at. @default 0 */
  readonly from?: number;
  /** How much is read at once. @default 1 MiB */
  readonly chunkBytes?: number;
}

/** Reads a file piece by piece. @throws InputError when it cannot be read */
export async function* readChunks(path: string, options: ChunkOptions = {}): AsyncGenerator<Buffer> {
  const { name = path, signal, from = 0, chunkBytes = 1024 * 1024 } = options;
  let position = from;
  const file = await openFile(path, name);
  try {
    while (true) {
      signal?.throwIfAborted();
      const chunk = await readChunk(file, position, chunkBytes, name);
      if (chunk.length === 0) return;
      position += chunk.length;
      yield chunk;
    }
  } finally {
    await file.close();
  }
}

const openFile = async (path: string, name: string): Promise<FileHandle> => {
  try {
    return await open(path, "r");
  } catch (error) {
    throw unreadable(name, error);
  }
};

/** Each chunk has memory of its own, because lines keep pointing into it. */
const readChunk = async (file: FileHandle, position: number, size: number, name: string): Promise<Buffer> => {
  const chunk = Buffer.allocUnsafeSlow(size);
  try {
    const { bytesRead } = await file.read(chunk, 0, size, position);
    return chunk.subarray(0, bytesRead);
  } catch (error) {
    throw unreadable(name, error);
  }
};
