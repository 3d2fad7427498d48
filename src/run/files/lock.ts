import { open, readFile, rename, link, rm, stat } from "node:fs/promises";
import { uptime } from "node:os";
import { isJsonObject } from "../../call/json.ts";
import type { Clock } from "../../time/clock.ts";
import type { LockOwner } from "./lock-owner.ts";
import { RunError, systemCode, unwritable } from "../run-error.ts";

/** How a lock is taken. */
export interface LockOptions {
  readonly path: string;
  readonly owner: LockOwner;
  readonly clock: Clock;
  readonly warn: (message: string) => void;
}

/** Makes sure that one run at a time writes to an output; returns what releases it. @throws RunError when another run holds it */
export const lock = async (options: LockOptions): Promise<() => Promise<void>> => {
  const { path, owner, clock } = options;
  const content = JSON.stringify({
    pid: owner.pid,
    host: owner.host,
    started_at: new Date(clock.wallNow()).toISOString(),
  });
  for (let tries = 0; tries < 3; tries++) {
    if (await create(path, content)) {
      heldHere.add(path);
      return async () => {
        heldHere.delete(path);
        await rm(path, { force: true });
      };
    }
    await takeOver(options);
  }
  throw busy(path, "another process, which has only just begun");
};

/** A restarted container gives a new process the number of the old one, so the number alone does not say "still ours". */
const heldHere = new Set<string>();

const create = async (path: string, content: string): Promise<boolean> => {
  try {
    const file = await open(path, "wx");
    try {
      await file.writeFile(content);
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
const takeOver = async ({ path, owner, clock, warn }: LockOptions): Promise<void> => {
  const content = await read(path);
  if (content === undefined) return;
  const holder = parse(content);
  if (await isHeld(path, holder, owner, clock)) {
    throw busy(path, holder === undefined ? "another process" : `process ${holder.pid} on ${holder.host}`);
  }
  const aside = `${path}.${owner.pid}`;
  try {
    await rename(path, aside);
  } catch (error) {
    if (systemCode(error) === "ENOENT") return;
    throw unwritable(path, error, "choose another output with -o");
  }
  if ((await read(aside)) === content) {
    warn(`the run of process ${holder?.pid ?? "unknown"} did not end properly; this run continues it`);
  } else {
    await link(aside, path);
  }
  await rm(aside, { force: true });
};

interface Holder {
  readonly pid: number;
  readonly host: string;
  readonly startedAt: number;
}

const isHeld = async (path: string, holder: Holder | undefined, owner: LockOwner, clock: Clock): Promise<boolean> => {
  if (holder === undefined) return clock.wallNow() - (await stat(path)).mtimeMs < graceMs;
  if (holder.host !== owner.host) return true;
  if (holder.pid !== 0 && holder.pid === owner.pid) return heldHere.has(path);
  const bootedAt = clock.wallNow() - uptime() * 1000;
  return holder.startedAt > bootedAt - graceMs && owner.isAlive(holder.pid);
};

/** Long enough to write a small file, and for a wall clock to be corrected. */
const graceMs = 60_000;

const read = async (path: string): Promise<string | undefined> => {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (systemCode(error) === "ENOENT") return undefined;
    throw unwritable(path, error, "choose another output with -o");
  }
};

const parse = (content: string): Holder | undefined => {
  try {
    const value: unknown = JSON.parse(content);
    if (!isJsonObject(value)) return undefined;
    const { pid: number, host, started_at: startedAt } = value;
    if (typeof number !== "number" || typeof host !== "string") return undefined;
    return { pid: number, host, startedAt: typeof startedAt === "string" ? Date.parse(startedAt) : 0 };
  } catch {
    return undefined;
  }
};

const busy = (path: string, holder: string): RunError =>
  new RunError(`cannot run: ${holder} is writing to the same output`, {
    notes: [
      `lock  ${path}`,
      "next  wait until it has ended, or choose another output with -o",
      "or    remove the lock, when you are sure that no such run exists any more",
    ],
  });
