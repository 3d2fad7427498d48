import { join } from "node:path";
import { isJsonObject } from "../../call/json.ts";
import type { Fs } from "../files/fs.ts";
import { readSmallFile } from "../files/small-file.ts";

/** The process that has the lock of a run. */
export interface LockHolder {
  readonly pid: number;
  readonly host: string;
}

/** Who has the lock of a run's folder, alive or not; nobody when there is none. */
export const lockHolder = async (fs: Fs, folder: string): Promise<LockHolder | undefined> => {
  try {
    const value: unknown = JSON.parse((await readSmallFile(fs, join(folder, "lock"))) ?? "null");
    if (!isJsonObject(value)) return undefined;
    const { pid, host } = value;
    return typeof pid === "number" && typeof host === "string" ? { pid, host } : undefined;
  } catch {
    return undefined;
  }
};
