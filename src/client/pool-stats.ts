import type { LearnedLimits } from "../limit/learned-limits.ts";
import type { LimitStats } from "../limit/limit-stats.ts";
import type { Limits } from "../limit/limits.ts";
import type { NamedPool } from "./pools.ts";

/** What was found out about the limits: of the first pool, and of further ones by their names. */
export interface PoolLearnedLimits extends LearnedLimits {
  readonly pools?: Readonly<Record<string, LearnedLimits>>;
}

/** One quota pool as it stands: a key's, or a model's of a key. */
export interface QuotaPoolStats {
  readonly name: string;
  readonly queued: number;
  readonly inFlight: number;
  /** Until the provider's hold ends; 0 when there is none. */
  readonly heldMs: number;
  readonly boundBy?: string;
  readonly limits: readonly LimitStats[];
}

/** How a pool stands. */
export const poolStats = ({ name, limiter }: NamedPool): QuotaPoolStats => {
  const { queued, inFlight, heldMs, boundBy } = limiter;
  return { name, queued, inFlight, heldMs, limits: limiter.stats(), ...(boundBy === undefined ? {} : { boundBy }) };
};

/** The limits of several pools as if they were one: what they allow together, where all of them know it, and no more than `most`. */
export const combinedLimits = (pools: readonly QuotaPoolStats[], most: Limits): readonly LimitStats[] => {
  const [first] = pools;
  if (first === undefined || pools.length === 1) return first?.limits ?? [];
  const names = [...new Set(pools.flatMap(({ limits }) => limits.map(({ name }) => name)))];
  return names
    .map((name) => combined(pools.map(({ limits }) => limits.find((limit) => limit.name === name))))
    .map((limit) => capped(limit, most));
};

const capped = (limit: LimitStats, most: Limits): LimitStats => {
  const { value = Infinity } = limit;
  const set = most[limit.name as keyof Limits];
  const bound = typeof set === "object" ? set.max : set;
  return typeof bound === "number" && bound < value ? { ...limit, value: bound, source: "configured" } : limit;
};

const combined = (limits: readonly (LimitStats | undefined)[]): LimitStats => {
  const known = limits.filter((limit) => limit !== undefined);
  const [first] = known;
  if (first === undefined) throw new RangeError("Cannot combine limits: there are none");
  const { value: _, burst: __, binding: ___, ...common } = first;
  const bursts = known.map(({ burst }) => burst);
  return {
    ...common,
    used: known.reduce((sum, { used }) => sum + used, 0),
    // Where one pool's limit is not known, nobody knows what all may do.
    ...(known.length === limits.length && known.every(({ value }) => value !== undefined)
      ? { value: known.reduce((sum, { value = 0 }) => sum + value, 0) }
      : {}),
    ...(bursts.every((burst) => burst !== undefined) ? { burst: bursts.reduce((sum, burst) => sum + burst, 0) } : {}),
    ...(known.some(({ binding }) => binding === true) ? { binding: true } : {}),
  };
};
