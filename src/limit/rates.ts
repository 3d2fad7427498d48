import type { Unit } from "./dimension.ts";
import type { Limits } from "./limits.ts";

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

/** The name of a rate among the limits. */
export type RateName = Exclude<keyof Limits, "maxConcurrent">;

/** Every rate that there is, as data. Requests and tokens per minute are watched even when nobody has told them. */
export const rates: readonly {
  readonly name: RateName;
  readonly unit: Unit;
  readonly periodMs: number;
  readonly watched?: true;
}[] = [
  { name: "requestsPerMinute", unit: "request", periodMs: minuteMs, watched: true },
  { name: "tokensPerMinute", unit: "total", periodMs: minuteMs, watched: true },
  { name: "inputTokensPerMinute", unit: "input", periodMs: minuteMs },
  { name: "outputTokensPerMinute", unit: "output", periodMs: minuteMs },
  { name: "requestsPerDay", unit: "request", periodMs: dayMs },
  { name: "tokensPerDay", unit: "total", periodMs: dayMs },
];

/** The names of all rates. */
export const rateNames: readonly RateName[] = rates.map(({ name }) => name);
