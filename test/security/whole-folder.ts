import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/** All that a folder holds, names of files included, as one text. */
export const wholeFolder = async (folder: string, except: readonly string[] = []): Promise<string> => {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && !except.includes(entry.name));
  const texts = files.map(
    async ({ parentPath, name }) => `${join(parentPath, name)}\n${await latin(parentPath, name)}`,
  );
  return (await Promise.all(texts)).join("\n");
};

const latin = (folder: string, name: string): Promise<string> => readFile(join(folder, name), "latin1");
