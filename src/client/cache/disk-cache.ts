import { randomUUID } from "node:crypto";
import { mkdir, open, rename, rm, utimes, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import type { ResponseStore, StoredReply } from "../../reuse/response-cache.ts";
import type { Clock } from "../../time/clock.ts";
import type { Rng } from "../../time/rng.ts";
import { entryText, readEntry } from "./cache-entry.ts";
import { bytesOnDisk, shrinkFolder } from "./shrink-folder.ts";
import { unlessAbsent } from "./unless-absent.ts";

/** What a cache on disk needs. */
export interface DiskCacheOptions {
  readonly folder: string;
  readonly maxBytes: number;
  /** Its wall clock is that of the files. */
  readonly clock: Clock;
  readonly rng: Rng;
  /** Told what keeps an answer from being stored. */
  readonly onFailure: (error: unknown) => void;
}

interface PendingWrite {
  readonly stored: StoredReply;
  readonly written: Promise<unknown>;
}

/** So many answers are written at once; who brings more waits. */
const mostAtOnce = 64;
/** The size is looked at each time that this share of the bound was written, and brought down to that one. */
const lookedAtEach = 1 / 16;
const keptShare = 7 / 8;
/** An entry that is used is marked as used at most so often. */
const markedEachMs = 3_600_000;

/**
 * Answers in a folder: a file each, by the first two digits of its key in one of 256 folders. A file is there whole or not at
 * all, and its content is checked when it is read; so several processes may use one folder. They are answers to private questions: nobody else
 * may read them.
 */
export class DiskCache implements ResponseStore {
  readonly #options: DiskCacheOptions;
  readonly #folder: string;
  readonly #pending = new Map<string, PendingWrite>();
  readonly #line: (() => void)[] = [];
  #writing = 0;
  #bytesUntilLook: number;
  #shrinking: Promise<void> | undefined;

  constructor(options: DiskCacheOptions) {
    this.#options = options;
    this.#folder = resolve(options.folder);
    // A first look somewhere within the first share: many short processes look as often together as one long one.
    this.#bytesUntilLook = options.rng() * lookedAtEach * options.maxBytes;
  }

  async get(key: string): Promise<StoredReply | undefined> {
    const pending = this.#pending.get(key);
    if (pending !== undefined) return pending.stored;
    const path = this.#pathOf(key);
    const text = await this.#read(path);
    if (text === undefined) return undefined;
    const stored = readEntry(key, text);
    if (stored === undefined) await rm(path, { force: true });
    return stored;
  }

  async put(key: string, stored: StoredReply): Promise<void> {
    // Two answers to one question are as good as each other.
    if (this.#pending.has(key)) return;
    const text = entryText(key, stored);
    const bytes = bytesOnDisk(Buffer.byteLength(text));
    if (bytes > this.#options.maxBytes) return;
    const room = this.#room();
    const written = room
      .then(() => this.#write(this.#pathOf(key), text))
      .catch(this.#options.onFailure)
      .finally(() => this.#written(key, bytes));
    this.#pending.set(key, { stored, written });
    await room;
  }

  /** Returns when everything has been written. */
  async close(): Promise<void> {
    while (this.#pending.size > 0) await Promise.all([...this.#pending.values()].map(({ written }) => written));
    await this.#shrinking;
    // What was written while the folder was looked at.
    if (this.#bytesUntilLook < 0) this.#look();
    await this.#shrinking;
  }

  /** Waits for its turn to write. */
  #room(): Promise<void> {
    if (this.#writing >= mostAtOnce) return new Promise((resolve) => this.#line.push(resolve));
    this.#writing += 1;
    return Promise.resolve();
  }

  #written(key: string, bytes: number): void {
    this.#pending.delete(key);
    this.#bytesUntilLook -= bytes;
    if (this.#bytesUntilLook < 0) this.#look();
    const next = this.#line.shift();
    if (next === undefined) this.#writing -= 1;
    else next();
  }

  #pathOf(key: string): string {
    return join(this.#folder, key.slice(0, 2), `${key}.json`);
  }

  async #read(path: string): Promise<string | undefined> {
    const file = await unlessAbsent(open(path, "r"));
    if (file === undefined) return undefined;
    try {
      const { mtimeMs } = await file.stat();
      await this.#mark(path, mtimeMs);
      return await file.readFile("utf8");
    } finally {
      await file.close();
    }
  }

  /** So that what is used is not what goes first. Where that is not allowed, the oldest goes first. */
  async #mark(path: string, mtimeMs: number): Promise<void> {
    const now = this.#options.clock.wallNow();
    if (now - mtimeMs > markedEachMs) await utimes(path, now / 1000, now / 1000).catch(() => undefined);
  }

  async #write(path: string, text: string): Promise<void> {
    const temporary = `${path}.${randomUUID()}.tmp`;
    try {
      await writeNew(temporary, text);
      await rename(temporary, path);
    } catch (error) {
      await rm(temporary, { force: true }).catch(() => undefined);
      throw error;
    }
  }

  #look(): void {
    const { maxBytes, clock, onFailure } = this.#options;
    if (this.#shrinking !== undefined) return;
    this.#bytesUntilLook = lookedAtEach * maxBytes;
    const bounds = { maxBytes: (1 - lookedAtEach) * maxBytes, keptBytes: keptShare * maxBytes, now: clock.wallNow() };
    this.#shrinking = shrinkFolder(this.#folder, bounds)
      .catch(onFailure)
      .finally(() => (this.#shrinking = undefined));
  }
}

/** Makes the folders when they are missing: nearly always they are there. */
const writeNew = async (path: string, text: string): Promise<void> => {
  const options = { flag: "wx", mode: 0o600 };
  const done = await unlessAbsent(writeFile(path, text, options).then(() => true));
  if (done === true) return;
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await writeFile(path, text, options);
};
