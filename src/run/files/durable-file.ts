import { open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";

/** Writes a whole file so that after a crash there is the old one or the new one, never half of either. */
export const replaceFile = async (path: string, chunks: Iterable<string> | AsyncIterable<string>): Promise<void> => {
  const temporary = `${path}.tmp`;
  const file = await open(temporary, "w");
  try {
    for await (const chunk of chunks) await file.writeFile(chunk);
    await file.datasync();
  } catch (error) {
    await file.close();
    await rm(temporary, { force: true });
    throw error;
  }
  await file.close();
  await rename(temporary, path);
  await syncFolder(dirname(path));
};

/** Makes names that were created, renamed or removed in a folder survive a power loss, where the system can. */
export const syncFolder = async (folder: string): Promise<void> => {
  try {
    const handle = await open(folder, "r");
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch {
    // Windows opens no folders, and some network file systems sync none: their names are as durable as they can be.
  }
};
