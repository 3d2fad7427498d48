import type { LearnedLimits } from "../../limit/learned-limits.ts";
import type { LimitStats } from "../../limit/limit-stats.ts";
import type { Limits } from "../../limit/limits.ts";
import { limitNames } from "../limit-names.ts";
import type { LimitOrigins } from "./limit-origin.ts";

/** One limit as `sluice limits` shows it. */
export interface LimitRow {
  readonly name: keyof Limits;
  /** Absent when nobody knows it. */
  readonly value?: number;
  readonly source: "configured" | "header" | "learned" | "remembered" | "auto" | "unknown";
  /** Where a configured one stands: a flag, a variable, a line of a file. */
  readonly origin?: string;
  readonly used: number;
  readonly binding: boolean;
}

/** Every limit, known or not, in the order in which people think of them. */
export const limitRows = (
  stats: readonly LimitStats[],
  remembered: LearnedLimits,
  originOf: LimitOrigins = (_, value) => ({ value }),
): readonly LimitRow[] => {
  const bindingName = bindingOf(stats);
  return limitNames.flatMap((name): readonly LimitRow[] => {
    const found = stats.find((limit) => limit.name === name);
    if (found?.value === undefined) {
      return always.has(name) ? [{ name, source: "unknown", used: found?.used ?? 0, binding: false }] : [];
    }
    const { value, used } = found;
    const source = sourceOf(found, remembered);
    const set = source === "configured" ? originOf(name, value) : { value };
    return [{ name, used, source, binding: name === bindingName, ...set }];
  });
};

/** Those that nearly every provider has: that nobody knows them is worth a line. */
const always: ReadonlySet<keyof Limits> = new Set(["maxConcurrent", "requestsPerMinute", "tokensPerMinute"]);

const sourceOf = ({ name, source, value }: LimitStats, { rates, maxConcurrent }: LearnedLimits): LimitRow["source"] => {
  if (source === "configured") return "configured";
  if (source === "header") return "header";
  if (name === "maxConcurrent") return maxConcurrent === value ? "remembered" : "auto";
  return rates?.[name] === undefined ? "learned" : "remembered";
};

/** What the next call waits for, else what most of is used. */
const bindingOf = (stats: readonly LimitStats[]): string | undefined => {
  const waitedFor = stats.find(({ binding }) => binding === true);
  if (waitedFor !== undefined) return waitedFor.name;
  const used = stats.filter((limit) => limit.used > 0 && limit.value !== undefined);
  return used.toSorted((a, b) => shareOf(b) - shareOf(a))[0]?.name;
};

const shareOf = ({ used, value = Infinity }: LimitStats): number => used / value;
