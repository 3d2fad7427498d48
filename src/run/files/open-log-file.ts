import { dirname } from "node:path";
import type { Fs, FsFile } from "./fs.ts";
import type { LogHandle } from "./record-log.ts";

/** Opens a file for appending, and makes its name durable when it is new. */
export const openLogFile = async (fs: Fs, path: string): Promise<FsFile> => {
  const file = await fs.open(path, "append");
  if ((await file.size()) === 0) await fs.syncFolder(dirname(path));
  return file;
};

/** A file that is opened, and so made, when something is first written to it. */
export const lazyLogFile = (fs: Fs, path: string): LogHandle => {
  let opened: FsFile | undefined;
  return {
    append: async (data) => {
      opened ??= await openLogFile(fs, path);
      return opened.append(data);
    },
    datasync: async () => opened?.datasync(),
    close: async () => opened?.close(),
  };
};
