import { appendAll } from "./durable-file.ts";
import type { Fs } from "./fs.ts";

/** The text of a small file; absent when there is none, or it is larger than anything that a run writes there. @throws the system's error */
export const readSmallFile = async (fs: Fs, path: string, mostBytes = 1_000_000): Promise<string | undefined> => {
  const found = await fs.stat(path);
  if (found?.kind !== "file" || found.size > mostBytes) return undefined;
  const file = await fs.open(path, "read");
  try {
    const bytes = Buffer.alloc(await file.size());
    return bytes.toString("utf8", 0, await file.read(bytes, 0));
  } finally {
    await file.close();
  }
};

/** Puts a text in the place of a small file in one step. It may be gone after a power loss: nothing here is worth a sync. @throws the system's error */
export const writeSmallFile = async (fs: Fs, path: string, text: string): Promise<void> => {
  const temporary = `${path}.tmp`;
  const file = await fs.open(temporary, "replace");
  try {
    await appendAll(file, Buffer.from(text));
  } finally {
    await file.close();
  }
  await fs.rename(temporary, path);
};
