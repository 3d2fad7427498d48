import { writeSync } from "node:fs";
import { type FileHandle, mkdir, open, readdir, rename, rm, rmdir, stat, statfs } from "node:fs/promises";
import { systemCode } from "../run-error.ts";
import type { Fs, FsFile, FsStat, OpenHow } from "./fs.ts";

/** The file system of this machine. */
export const nodeFs: Fs = {
  open: async (path, how) => new NodeFile(await open(path, flags[how])),
  stat: statOf,
  rename,
  remove: (path) => rm(path, { force: true }),
  makeFolder: (path) => mkdir(path),
  removeFolder: rmdir,
  list: (path) => readdir(path),
  syncFolder,
  freeBytes: async (path) => {
    const { bavail, bsize } = await statfs(path);
    return bavail * bsize;
  },
};

const flags: Readonly<Record<OpenHow, string>> = {
  read: "r",
  change: "r+",
  append: "a",
  replace: "w",
  create: "wx",
};

/** As bigint, because inode numbers of some file systems do not fit into a double. */
async function statOf(path: string): Promise<FsStat | undefined> {
  try {
    const found = await stat(path, { bigint: true });
    return {
      kind: found.isFile() ? "file" : found.isDirectory() ? "folder" : "other",
      size: Number(found.size),
      modifiedAt: Number(found.mtimeNs / 1000n) / 1000,
      identity: `${found.dev}:${found.ino}`,
    };
  } catch (error) {
    if (systemCode(error) === "ENOENT" || systemCode(error) === "ENOTDIR") return undefined;
    throw error;
  }
}

async function syncFolder(path: string): Promise<void> {
  let folder: FileHandle;
  try {
    folder = await open(path, "r");
  } catch {
    // Windows opens no folders: their names are as durable as they can be.
    return;
  }
  try {
    await folder.sync();
  } catch (error) {
    // Some network file systems sync no folders. A disk that fails is another matter.
    if (systemCode(error) === "EIO") throw error;
  } finally {
    await folder.close();
  }
}

class NodeFile implements FsFile {
  readonly #handle: FileHandle;

  constructor(handle: FileHandle) {
    this.#handle = handle;
  }

  appendNow(data: Uint8Array): number {
    return writeSync(this.#handle.fd, data);
  }

  async append(data: Uint8Array): Promise<number> {
    return (await this.#handle.write(data)).bytesWritten;
  }

  async read(into: Uint8Array, position: number): Promise<number> {
    let taken = 0;
    while (taken < into.length) {
      const { bytesRead } = await this.#handle.read(into, taken, into.length - taken, position + taken);
      if (bytesRead === 0) break;
      taken += bytesRead;
    }
    return taken;
  }

  async size(): Promise<number> {
    return (await this.#handle.stat()).size;
  }

  truncate(size: number): Promise<void> {
    return this.#handle.truncate(size);
  }

  datasync(): Promise<void> {
    return this.#handle.datasync();
  }

  close(): Promise<void> {
    return this.#handle.close();
  }
}
