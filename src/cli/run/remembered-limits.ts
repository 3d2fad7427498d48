import type { LearnedLimits, LearnedRate } from "../../limit/learned-limits.ts";
import { type RateName, rateNames } from "../../limit/rates.ts";

/** What was found out about one account, and when. */
interface RememberedLimits {
  /** In milliseconds of the wall clock. */
  readonly at: number;
  readonly limits: LearnedLimits;
}

/** By account hash. */
export type LimitsByAccount = Readonly<Record<string, RememberedLimits>>;

const longestKeptMs = 30 * 24 * 3_600_000;
const mostAccounts = 200;
const version = 1;

/** Reads what `limitsText` wrote; what is old, strange or out of range is left out. */
export const parseLimits = (text: string, now: number): LimitsByAccount => {
  const root = parsed(text);
  if (root?.["version"] !== version) return {};
  const entries = Object.entries(record(root["accounts"]) ?? {}).flatMap(([account, entry]) => {
    const { at, limits } = record(entry) ?? {};
    // A clock that was wrong must not keep an entry for ever.
    if (typeof at !== "number" || Math.abs(now - at) > longestKeptMs) return [];
    const known = learnedOf(record(limits) ?? {});
    return isEmpty(known) ? [] : [[account, { at, limits: known }] as const];
  });
  return Object.fromEntries(entries);
};

/** The text of a file of limits: of too many accounts, those of late. */
export const limitsText = (remembered: LimitsByAccount): string => {
  const newest = Object.entries(remembered).toSorted(([, a], [, b]) => b.at - a.at);
  return `${JSON.stringify({ version, accounts: Object.fromEntries(newest.slice(0, mostAccounts)) })}\n`;
};

/** Adds what a run has found to what was known: what it could not find out stays as it was. */
export const mergedLimits = (known: LearnedLimits, found: LearnedLimits, throttled: boolean): LearnedLimits => {
  const rates = Object.entries(found.rates ?? {}).map(([name, rate]) => {
    const before = known.rates?.[name as RateName];
    return [name, throttled ? rate : notLower(rate, before)] as const;
  });
  const all = { ...known.rates, ...Object.fromEntries(rates) };
  return { ...known, ...found, ...(Object.keys(all).length === 0 ? {} : { rates: all }) };
};

/** A run begins below the rate that it was told; without a 429 it has not found that rate to be lower. */
const notLower = (rate: LearnedRate, before: LearnedRate | undefined): LearnedRate =>
  rate.perMs === undefined || before?.perMs === undefined
    ? rate
    : { ...rate, perMs: Math.max(rate.perMs, before.perMs) };

type Fields = Readonly<Record<string, unknown>>;

const learnedOf = ({ maxConcurrent, rates }: Fields): LearnedLimits => {
  const known = record(rates) ?? {};
  const read = rateNames.flatMap((name) => {
    const rate = rateOf(record(known[name]) ?? {});
    return isEmpty(rate) ? [] : [[name, rate] as const];
  });
  return {
    ...(isFrom(1, maxConcurrent) ? { maxConcurrent } : {}),
    ...(read.length === 0 ? {} : { rates: Object.fromEntries(read) }),
  };
};

const rateOf = ({ limit, perMs }: Fields): LearnedRate => ({
  ...(isFrom(1, limit) ? { limit } : {}),
  ...(isFrom(slowestPerMs, perMs) ? { perMs } : {}),
});

/** One in a minute: no run could go on from less. */
const slowestPerMs = 1 / 60_000;

const isFrom = (least: number, value: unknown): value is number =>
  typeof value === "number" && Number.isFinite(value) && value >= least;

const isEmpty = (value: object): boolean => Object.keys(value).length === 0;

const parsed = (text: string): Fields | undefined => {
  try {
    return record(JSON.parse(text));
  } catch {
    return undefined;
  }
};

const record = (value: unknown): Fields | undefined =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;
