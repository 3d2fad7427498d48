import type { Fs, FsFile, FsStat, OpenHow } from "../../src/run/files/fs.ts";
import { type DiskImage, type DiskStep, folderOf, SimDisk } from "./sim-disk.ts";

/** A file system in memory that tells every step that changes it. */
export class SimFs implements Fs {
  readonly disk: SimDisk;
  readonly #onStep: (step: DiskStep) => void;

  constructor(image: DiskImage, onStep: (step: DiskStep) => void = () => {}) {
    this.disk = new SimDisk(image);
    this.#onStep = onStep;
  }

  async open(path: string, how: OpenHow): Promise<FsFile> {
    const exists = this.disk.names.has(path);
    if (!this.disk.folders.has(folderOf(path))) throw failure("ENOENT", path);
    if (!exists && (how === "read" || how === "change")) throw failure("ENOENT", path);
    if (exists && how === "create") throw failure("EEXIST", path);
    if (!exists) this.step({ kind: "create", path });
    else if (how === "replace") this.step({ kind: "truncate", path, size: 0 });
    return new SimFile(this, path);
  }

  async stat(path: string): Promise<FsStat | undefined> {
    const inode = this.disk.names.get(path);
    const kind = this.disk.folders.has(path) ? "folder" : "file";
    if (inode === undefined && kind === "file") return undefined;
    return { kind, size: inode?.current.length ?? 0, modifiedAt: 0, identity: path };
  }

  async rename(from: string, to: string): Promise<void> {
    if (!this.disk.names.has(from)) throw failure("ENOENT", from);
    this.step({ kind: "rename", path: from, to });
  }

  async remove(path: string): Promise<void> {
    if (this.disk.names.has(path)) this.step({ kind: "remove", path });
  }

  async makeFolder(path: string): Promise<void> {
    if (this.disk.folders.has(path)) throw failure("EEXIST", path);
    this.step({ kind: "make-folder", path });
  }

  async removeFolder(path: string): Promise<void> {
    if ((await this.list(path)).length > 0) throw failure("ENOTEMPTY", path);
    this.step({ kind: "remove-folder", path });
  }

  async list(path: string): Promise<readonly string[]> {
    return [...this.disk.names.keys()]
      .filter((name) => folderOf(name) === path)
      .map((name) => name.slice(path.length + 1));
  }

  async syncFolder(path: string): Promise<void> {
    this.step({ kind: "sync-folder", path });
  }

  async freeBytes(): Promise<number> {
    return Number.MAX_SAFE_INTEGER;
  }

  step(step: DiskStep): void {
    this.disk.apply(step);
    this.#onStep(step);
  }
}

/** An open file goes on being the same file when another takes its name; none here needs that. */
class SimFile implements FsFile {
  readonly #fs: SimFs;
  readonly #path: string;

  constructor(fs: SimFs, path: string) {
    this.#fs = fs;
    this.#path = path;
  }

  appendNow(data: Uint8Array): number {
    this.#fs.step({ kind: "append", path: this.#path, data: Buffer.from(data) });
    return data.length;
  }

  async append(data: Uint8Array): Promise<number> {
    return this.appendNow(data);
  }

  async read(into: Uint8Array, position: number): Promise<number> {
    const current = this.#fs.disk.names.get(this.#path)?.current ?? Buffer.alloc(0);
    return current.copy(into, 0, position, position + into.length);
  }

  async size(): Promise<number> {
    return this.#fs.disk.names.get(this.#path)?.current.length ?? 0;
  }

  async truncate(size: number): Promise<void> {
    this.#fs.step({ kind: "truncate", path: this.#path, size });
  }

  async datasync(): Promise<void> {
    this.#fs.step({ kind: "sync", path: this.#path });
  }

  async close(): Promise<void> {}
}

const failure = (code: string, path: string): Error => Object.assign(new Error(`${code}: ${path}`), { code });
