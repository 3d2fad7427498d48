import { existsSync } from "node:fs";
import { appendFile, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { repositoryOf } from "../config/find-config.ts";
import { UsageError } from "../usage-error.ts";

/** A file to be written into a folder. */
export interface NewFile {
  readonly name: string;
  readonly text: string;
}

/** Writes files, all or none. @throws UsageError when one of them is there already, or cannot be written */
export const writeNewFiles = async (folder: string, files: readonly NewFile[], force: boolean): Promise<void> => {
  const there = files.filter(({ name }) => existsSync(join(folder, name))).map(({ name }) => name);
  if (there.length > 0 && !force) {
    const are = there.length === 1 ? "is" : "are";
    throw new UsageError(`${there.join(" and ")} ${are} there already  (nothing was written)`, [
      "fix        --force writes over what is there; or begin in another folder",
    ]);
  }
  for (const { name, text } of files) {
    try {
      await writeFile(join(folder, name), text, { flag: force ? "w" : "wx" });
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw new UsageError(`cannot write ${name}`, [why]);
    }
  }
};

/** Whether there is a repository here in which git would take `.env` for a file like any other. */
export const sharesKeys = async (folder: string): Promise<boolean> =>
  repositoryOf(folder) !== undefined && !(await ignored(folder)).includes(".env");

/** Lets git ignore `.env` in a folder. */
export const ignoreEnvFile = async (folder: string): Promise<void> => {
  const lines = await ignored(folder);
  if (lines.includes(".env")) return;
  const text = await ignoreText(folder);
  await appendFile(join(folder, ".gitignore"), `${text === "" || text.endsWith("\n") ? "" : "\n"}.env\n`);
};

const ignored = async (folder: string): Promise<readonly string[]> =>
  (await ignoreText(folder)).split(/\r?\n/).map((line) => line.trim().replace(/^\//, ""));

const ignoreText = async (folder: string): Promise<string> => {
  const path = join(folder, ".gitignore");
  return existsSync(path) ? readFile(path, "utf8") : "";
};
