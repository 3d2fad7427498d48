import type { LLM } from "../../client/llm.ts";
import type { LearnedLimits } from "../../limit/learned-limits.ts";
import type { Clock } from "../../time/clock.ts";
import type { Host } from "../host.ts";
import { enterLimits, readLimits } from "./limits-file.ts";
import { limitsPath } from "./limits-path.ts";

/** What earlier runs have found out about the limits of an account, and what this one does. */
export interface LimitsMemory {
  readonly learned: LearnedLimits;
  /** Writes what a client has found out, when there is news. */
  note(llm: Pick<LLM, "learnedLimits" | "stats">): void;
  /** Settles when everything noted is written; never rejects. */
  written(): Promise<void>;
}

/** What a memory is made of. */
export interface LimitsMemoryOptions {
  readonly account: string;
  /** Begins with nothing. @default false */
  readonly forget?: boolean;
  readonly host: Pick<Host, "environment" | "platform">;
  readonly clock: Clock;
}

/** Opens the memory of an account; nothing when the user wants none, or has no place for it. */
export const limitsMemory = async (options: LimitsMemoryOptions): Promise<LimitsMemory | undefined> => {
  const { account, forget = false, host, clock } = options;
  const path = limitsPath(host);
  if (path === undefined) return undefined;
  const known = forget ? undefined : (await readLimits(path, clock.wallNow()))[account];
  let noted = "{}";
  let writing: Promise<void> = Promise.resolve();
  return {
    learned: known?.limits ?? {},
    note: (llm) => {
      const { attempts, throttled } = llm.stats();
      const limits = llm.learnedLimits();
      const text = JSON.stringify(limits);
      // A run that sent nothing knows no more than before.
      if (attempts === 0 || text === noted) return;
      noted = text;
      const found = { account, limits, throttled: throttled > 0, anew: forget };
      writing = writing.then(() => enterLimits(path, found, clock.wallNow()));
    },
    written: () => writing,
  };
};
