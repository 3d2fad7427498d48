/** An amount of each thing that a limit can count. */
export interface Costs {
  readonly request: number;
  readonly input: number;
  readonly output: number;
  /** Input and output together. */
  readonly total: number;
}

/** Calls of which none took less than `leastMs`, and what they cost together. */
export interface WorkGroup extends Costs {
  readonly leastMs: number;
}

/** Calls that had to be made. */
export interface Work {
  /** Longest latency first. */
  readonly groups: readonly WorkGroup[];
  /** For how long all calls together held a slot. */
  readonly slotMs: number;
  /** The most that a single call costs. */
  readonly largest: Costs;
}

/** A quota that refills at `limit` per `periodMs` and lets `burst` through at once. */
export interface Rate {
  readonly name: string;
  readonly unit: keyof Costs;
  readonly limit: number;
  readonly periodMs: number;
  /** @default `limit`: what a hard cap in any rolling period lets through in its first one */
  readonly burst?: number;
}

/** Under which limits the calls were made. */
export interface WorkLimits {
  readonly rates?: readonly Rate[];
  /** Calls at once. @default no limit */
  readonly slots?: number;
}

/** The time below which no schedule can get. */
export interface LowerBound {
  readonly lowerBoundMs: number;
  /** The limit that it comes from: the name of a rate, `maxConcurrent`, or `latency` for the slowest answer. */
  readonly boundBy: string;
}

/**
 * No order and no pacing finishes the work sooner: every limit alone, and the slowest answer, are relaxations of the problem.
 *
 * Slots are as in McNaughton 1959: at least the mean load of a slot, and at least the longest call.
 */
export const lowerBound = (work: Work, { rates = [], slots }: WorkLimits): LowerBound => {
  const { groups, slotMs } = work;
  let bound: LowerBound = { lowerBoundMs: groups[0]?.leastMs ?? 0, boundBy: "latency" };
  const atLeast = (lowerBoundMs: number, boundBy: string): void => {
    if (lowerBoundMs > bound.lowerBoundMs) bound = { lowerBoundMs, boundBy };
  };
  for (const rate of rates) atLeast(deliveryMs(work, rate), rate.name);
  if (slots !== undefined) atLeast(slotMs / slots, "maxConcurrent");
  return bound;
};

/**
 * The last answer under one rate: single-machine scheduling with delivery times, 1 || max(C + q), where a call's processing
 * time is its cost over the rate and its delivery time is its latency. Longest latency first is optimal (Jackson 1955; heads and
 * tails: Carlier 1982), so of the k longest calls the last is admitted when the refill has paid for all of them but the burst.
 */
const deliveryMs = ({ groups, largest }: Work, { unit, limit, periodMs, burst = limit }: Rate): number => {
  // A call larger than the bucket is let in when the bucket is full, and leaves debt: so much can be out ahead of the refill.
  const ahead = Math.max(burst, largest[unit]);
  let cost = 0;
  let latestMs = 0;
  for (const group of groups) {
    cost += group[unit];
    latestMs = Math.max(latestMs, (Math.max(0, cost - ahead) * periodMs) / limit + group.leastMs);
  }
  return latestMs;
};

/** A call whose latency and costs are known one by one. */
export interface KnownCall extends Partial<Costs> {
  readonly latencyMs: number;
}

/** The bound for a list of calls. A cost that is not given is one request, no tokens, and `total` the sum of input and output. */
export const exactLowerBound = ({
  calls,
  ...limits
}: { readonly calls: readonly KnownCall[] } & WorkLimits): LowerBound => {
  const groups = calls.map(groupOf).sort((a, b) => b.leastMs - a.leastMs);
  const largest = { request: 0, input: 0, output: 0, total: 0 };
  let slotMs = 0;
  for (const group of groups) {
    slotMs += group.leastMs;
    for (const unit of units) largest[unit] = Math.max(largest[unit], group[unit]);
  }
  return lowerBound({ groups, slotMs, largest }, limits);
};

const units = ["request", "input", "output", "total"] as const;

const groupOf = ({ latencyMs, request = 1, input = 0, output = 0, total = input + output }: KnownCall): WorkGroup => ({
  leastMs: latencyMs,
  request,
  input,
  output,
  total,
});
