import { join } from "node:path";
import type { Fs } from "../files/fs.ts";
import { readSmallFile, writeSmallFile } from "../files/small-file.ts";
import { parseStatus, type RunStatus, statusText } from "./run-status.ts";

/** Reads where the run of a folder stands; nothing when it does not say. */
export const readStatus = async (fs: Fs, folder: string): Promise<RunStatus | undefined> => {
  try {
    const text = await readSmallFile(fs, statusPath(folder));
    return text === undefined ? undefined : parseStatus(text);
  } catch {
    return undefined;
  }
};

/** Says where the run of a folder stands. @throws the system's error */
export const writeStatus = (fs: Fs, folder: string, status: RunStatus): Promise<void> =>
  writeSmallFile(fs, statusPath(folder), statusText(status));

const statusPath = (folder: string): string => join(folder, "state.json");
