import { dirname } from "node:path";
import type { Rng } from "../../src/time/rng.ts";

/** One thing that was asked of the file system. */
export type DiskStep =
  | { readonly kind: "create"; readonly path: string }
  | { readonly kind: "append"; readonly path: string; readonly data: Buffer }
  | { readonly kind: "truncate"; readonly path: string; readonly size: number }
  | { readonly kind: "sync"; readonly path: string }
  | { readonly kind: "rename"; readonly path: string; readonly to: string }
  | { readonly kind: "remove"; readonly path: string }
  | { readonly kind: "make-folder"; readonly path: string }
  | { readonly kind: "remove-folder"; readonly path: string }
  | { readonly kind: "sync-folder"; readonly path: string };

/** What stands on a disk after a crash. */
export interface DiskImage {
  readonly files: ReadonlyMap<string, Buffer>;
  readonly folders: ReadonlySet<string>;
}

type Content =
  | { readonly kind: "append"; readonly data: Buffer; readonly at: number }
  | { readonly kind: "truncate"; readonly size: number };
type Naming = Exclude<DiskStep, { kind: "append" | "truncate" | "sync" | "sync-folder" }>;

/** A file apart from its names: what is durable of it, and what was asked since. */
class Inode {
  current: Buffer;
  durable: Buffer;
  pending: Content[] = [];

  constructor(content: Buffer = Buffer.alloc(0)) {
    this.current = content;
    this.durable = content;
  }
}

/**
 * A disk that remembers what is durable and what is only on its way. Names are journaled in order, as ext4 and XFS do it;
 * the contents of files come to the disk in any order, in part, as zeros or as rubbish, unless they were synced.
 */
export class SimDisk {
  names: Map<string, Inode>;
  folders: Set<string>;
  #durableNames: Map<string, Inode>;
  #durableFolders: Set<string>;
  #pendingNames: { readonly step: Naming; readonly inode: Inode | undefined }[] = [];

  constructor({ files, folders }: DiskImage) {
    this.names = new Map([...files].map(([path, content]) => [path, new Inode(content)]));
    this.folders = new Set(folders);
    this.#durableNames = new Map(this.names);
    this.#durableFolders = new Set(folders);
  }

  apply(step: DiskStep): void {
    switch (step.kind) {
      case "append":
        return this.#append(this.#inode(step.path), step.data);
      case "truncate": {
        const inode = this.#inode(step.path);
        inode.pending.push({ kind: "truncate", size: step.size });
        inode.current = inode.current.subarray(0, step.size);
        return;
      }
      case "sync": {
        const inode = this.#inode(step.path);
        inode.durable = inode.current;
        inode.pending = [];
        return;
      }
      case "sync-folder":
        for (const { step: naming, inode } of this.#pendingNames)
          name(naming, inode, this.#durableNames, this.#durableFolders);
        this.#pendingNames = [];
        return;
      case "create":
      case "rename":
      case "remove":
      case "make-folder":
      case "remove-folder": {
        const inode = step.kind === "create" ? new Inode() : this.names.get(step.path);
        this.#pendingNames.push({ step, inode });
        name(step, inode, this.names, this.folders);
      }
    }
  }

  /** What a process finds that was killed: all that the system had been given. */
  asLeft(): DiskImage {
    return {
      files: new Map([...this.names].map(([path, { current }]) => [path, current])),
      folders: new Set(this.folders),
    };
  }

  /** What may be found after the power has failed. */
  afterPowerLoss(rng: Rng): DiskImage {
    const names = new Map(this.#durableNames);
    const folders = new Set(this.#durableFolders);
    const kept = Math.floor(rng() * (this.#pendingNames.length + 1));
    for (const { step, inode } of this.#pendingNames.slice(0, kept)) name(step, inode, names, folders);
    return { files: new Map([...names].map(([path, inode]) => [path, surviving(inode, rng)])), folders };
  }

  #inode(path: string): Inode {
    const inode = this.names.get(path);
    if (inode === undefined) throw new Error(`${path} is not there`);
    return inode;
  }

  #append(inode: Inode, data: Buffer): void {
    inode.pending.push({ kind: "append", data, at: inode.current.length });
    inode.current = Buffer.concat([inode.current, data]);
  }
}

const name = (step: Naming, inode: Inode | undefined, names: Map<string, Inode>, folders: Set<string>): void => {
  switch (step.kind) {
    case "create":
      if (inode !== undefined) names.set(step.path, inode);
      return;
    case "rename":
      names.delete(step.path);
      if (inode !== undefined) names.set(step.to, inode);
      return;
    case "remove":
      names.delete(step.path);
      return;
    case "make-folder":
      folders.add(step.path);
      return;
    case "remove-folder":
      folders.delete(step.path);
      return;
  }
};

const sectorBytes = 512;

/** Of each thing that was asked and not synced: all, nothing, the first bytes, zeros for the rest, or rubbish in a sector. */
const surviving = ({ durable, pending }: Inode, rng: Rng): Buffer => {
  let content = durable;
  for (const step of pending) {
    const fate = Math.floor(rng() * 5);
    if (fate === 1) continue;
    if (step.kind === "truncate") {
      content = content.subarray(0, step.size);
      continue;
    }
    content = placed(content, damaged(step.data, fate, rng), step.at);
  }
  return content;
};

const damaged = (data: Buffer, fate: number, rng: Rng): Buffer => {
  const cut = Math.floor(rng() * data.length);
  if (fate === 2) return data.subarray(0, cut);
  const copy = Buffer.from(data);
  if (fate === 3) copy.fill(0, cut);
  if (fate === 4) {
    const from = Math.floor(cut / sectorBytes) * sectorBytes;
    for (let at = from; at < Math.min(copy.length, from + sectorBytes); at++) copy[at] = Math.floor(rng() * 256);
  }
  return copy;
};

/** What was never written before a later write is zeros. */
const placed = (content: Buffer, data: Buffer, at: number): Buffer => {
  if (data.length === 0) return content;
  const whole = Buffer.alloc(Math.max(content.length, at + data.length));
  content.copy(whole);
  data.copy(whole, at);
  return whole;
};

/** The folder of a path. */
export const folderOf = (path: string): string => dirname(path);
