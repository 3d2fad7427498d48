import { randomUUID } from "node:crypto";
import { mkdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { LearnedLimits } from "../../limit/learned-limits.ts";
import { type LimitsByAccount, limitsText, mergedLimits, parseLimits } from "./remembered-limits.ts";

/** What a run has found out. */
export interface FoundLimits {
  readonly account: string;
  readonly limits: LearnedLimits;
  /** Whether the provider refused anything: only then can a rate be lower than it was known. */
  readonly throttled: boolean;
  /** Replaces what was known. */
  readonly anew: boolean;
}

/** What a file remembers; nothing when there is none, or none that can be read. */
export const readLimits = async (path: string, now: number): Promise<LimitsByAccount> => {
  try {
    const { size } = await stat(path);
    return size > largestBytes ? {} : parseLimits(await readFile(path, "utf8"), now);
  } catch {
    return {};
  }
};

/** Enters what a run has found. A file that cannot be written is left as it is: no run fails for it. */
export const enterLimits = async (path: string, found: FoundLimits, now: number): Promise<void> => {
  const { account, limits, throttled, anew } = found;
  // Another run may have written since: what it entered stays.
  const remembered = await readLimits(path, now);
  const known = anew ? {} : (remembered[account]?.limits ?? {});
  const entry = { at: now, limits: mergedLimits(known, limits, throttled) };
  const temporary = `${path}.${randomUUID()}.tmp`;
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await writeFile(temporary, limitsText({ ...remembered, [account]: entry }), { mode: 0o600, flag: "wx" });
    await rename(temporary, path);
  } catch {
    await rm(temporary, { force: true }).catch(() => {});
  }
};

/** Far more than the most accounts need. */
const largestBytes = 1_000_000;
