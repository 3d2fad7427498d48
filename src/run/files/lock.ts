import { createHash } from "node:crypto";
import { uptime } from "node:os";
import { dirname } from "node:path";
import { isJsonObject } from "../../call/json.ts";
import type { Clock, Timer } from "../../time/clock.ts";
import { RunError, systemCode, unwritable } from "../run-error.ts";
import { appendAll, replaceFile } from "./durable-file.ts";
import type { Fs } from "./fs.ts";
import type { LockOwner } from "./lock-owner.ts";
import { readSmallFile } from "./small-file.ts";

/** How a lock is taken. */
export interface LockOptions {
  readonly fs: Fs;
  readonly path: string;
  readonly owner: LockOwner;
  readonly clock: Clock;
  readonly warn: (message: string) => void;
}

/**
 * Makes sure that one run at a time writes to an output; returns what releases it.
 *
 * On one machine a name that the kernel keeps says who holds it, and frees it when the holder is killed. For others,
 * and where there are no such names, a file says it, which its holder renews.
 *
 * @throws RunError when another run holds it
 */
export const lock = async (options: LockOptions): Promise<() => Promise<void>> => {
  const { fs, path } = options;
  const release = await takeName(options);
  try {
    for (let tries = 0; tries < 3; tries++) {
      if (await create(options)) return holding(options, release);
      await takeOver(options, release !== undefined);
    }
    throw busy(path, parse(await readSmallFile(fs, path)));
  } catch (error) {
    await release?.();
    throw error;
  }
};

/** The name by which the kernel knows who has a file or folder. */
export const kernelName = (identity: string): string =>
  `sluice-${createHash("sha256").update(identity).digest("hex").slice(0, 32)}`;

/** The folder by what it is, so that no other name of it is another lock, and a copy of it is one. */
const takeName = async ({ fs, path, owner }: LockOptions): Promise<(() => Promise<void>) | undefined> => {
  if (owner.take === undefined) return undefined;
  const identity = (await fs.stat(dirname(path)))?.identity ?? path;
  let release: (() => Promise<void>) | undefined;
  try {
    release = await owner.take(kernelName(identity));
  } catch {
    // A sandbox may forbid sockets; the file is left then.
    return undefined;
  }
  if (release === undefined) throw busy(path, parse(await readSmallFile(fs, path)));
  return release;
};

const holding = (options: LockOptions, releaseName: (() => Promise<void>) | undefined): (() => Promise<void>) => {
  const { fs, path, clock } = options;
  heldHere.add(path);
  let renewing: Promise<void> = Promise.resolve();
  let timer: Timer;
  const renew = (): void => {
    renewing = replaceFile(fs, path, [contentOf(options)]).catch(() => {});
    timer = clock.schedule(clock.now() + renewEveryMs, renew);
  };
  timer = clock.schedule(clock.now() + renewEveryMs, renew);
  return async () => {
    timer[Symbol.dispose]();
    await renewing;
    heldHere.delete(path);
    await fs.remove(path);
    await releaseName?.();
  };
};

const renewEveryMs = 15_000;
/** Long enough for a renewal to come late. */
const staleMs = 120_000;
/** Long enough to write a small file, and for a wall clock to be corrected. */
const graceMs = 60_000;

/** A restarted container gives a new process the number of the old one, so the number alone does not say "still ours". */
const heldHere = new Set<string>();

const contentOf = ({ owner, clock }: LockOptions): string =>
  JSON.stringify({ pid: owner.pid, host: owner.host, started_at: new Date(clock.wallNow()).toISOString() });

const create = async (options: LockOptions): Promise<boolean> => {
  const { fs, path } = options;
  try {
    const file = await fs.open(path, "create");
    try {
      await appendAll(file, Buffer.from(contentOf(options)));
    } finally {
      await file.close();
    }
    return true;
  } catch (error) {
    if (systemCode(error) === "EEXIST") return false;
    throw unwritable(path, error, "choose another output with -o");
  }
};

/** Moves a dead run's lock away; the move is checked, because another process may have done the same just before. */
const takeOver = async (options: LockOptions, hasName: boolean): Promise<void> => {
  const { fs, path, owner, warn } = options;
  const content = await readSmallFile(fs, path);
  if (content === undefined) return;
  const holder = parse(content);
  if (await isHeld(options, holder, hasName)) throw busy(path, holder);
  const aside = `${path}.${owner.pid}`;
  try {
    await fs.rename(path, aside);
  } catch (error) {
    if (systemCode(error) === "ENOENT") return;
    throw unwritable(path, error, "choose another output with -o");
  }
  if ((await readSmallFile(fs, aside)) === content) {
    warn(`the run of process ${holder?.pid ?? "unknown"} did not end properly; this run continues it`);
    await fs.remove(aside);
  } else if ((await fs.stat(path)) === undefined) await fs.rename(aside, path);
};

interface Holder {
  readonly pid: number;
  readonly host: string;
  readonly startedAt: number;
}

/** Whoever has the kernel's name knows that no other process of this machine holds the lock. */
const isHeld = async (options: LockOptions, holder: Holder | undefined, hasName: boolean): Promise<boolean> => {
  const { fs, path, owner, clock } = options;
  const ageMs = clock.wallNow() - ((await fs.stat(path))?.modifiedAt ?? 0);
  if (holder === undefined) return !hasName && ageMs < graceMs;
  if (holder.host !== owner.host) return ageMs < staleMs;
  if (hasName) return false;
  if (holder.pid !== 0 && holder.pid === owner.pid) return heldHere.has(path);
  const bootedAt = clock.wallNow() - uptime() * 1000;
  return holder.startedAt > bootedAt - graceMs && owner.isAlive(holder.pid);
};

const parse = (content: string | undefined): Holder | undefined => {
  try {
    const value: unknown = JSON.parse(content ?? "");
    if (!isJsonObject(value)) return undefined;
    const { pid, host, started_at: startedAt } = value;
    if (typeof pid !== "number" || typeof host !== "string") return undefined;
    return { pid, host, startedAt: typeof startedAt === "string" ? Date.parse(startedAt) : 0 };
  } catch {
    return undefined;
  }
};

const busy = (path: string, holder: Holder | undefined): RunError =>
  new RunError(
    `cannot run: ${holder === undefined ? "another process" : `process ${holder.pid} on ${holder.host}`} is writing to the same output`,
    {
      notes: [
        `lock  ${path}`,
        "next  wait until it has ended, or choose another output with -o",
        "or    remove the lock, when you are sure that no such run exists any more",
      ],
    },
  );
