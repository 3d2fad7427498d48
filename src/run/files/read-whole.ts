import { nodeFs } from "./node-fs.ts";
import type { Fs } from "./fs.ts";

/** The content of a small file; `undefined` when there is none, or it is larger than that. */
export const readWhole = async (path: string, mostBytes: number, fs: Fs = nodeFs): Promise<Buffer | undefined> => {
  const found = await fs.stat(path);
  if (found?.kind !== "file" || found.size > mostBytes) return undefined;
  const file = await fs.open(path, "read");
  try {
    const content = Buffer.alloc(found.size);
    return content.subarray(0, await file.read(content, 0));
  } finally {
    await file.close();
  }
};
