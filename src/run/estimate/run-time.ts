import type { LimitStats } from "../../limit/limit-stats.ts";
import type { RunTime } from "./run-estimate.ts";

/** What a run takes from its limits. */
export interface Work {
  readonly rows: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** How long one call takes. */
  readonly callMs: number;
}

const dayMs = 86_400_000;

/** How long work takes under limits as they are known; the one that takes longest binds. */
export const runTime = (work: Work, limits: readonly LimitStats[]): RunTime | undefined => {
  if (work.rows === 0) return undefined;
  let slowest: RunTime | undefined;
  for (const limit of limits) {
    const ms = timeUnder(work, limit);
    if (ms === undefined || (slowest !== undefined && ms <= slowest.ms)) continue;
    slowest = { ms, boundBy: limit.name, ...(limit.value === undefined ? {} : { limit: limit.value }) };
  }
  return slowest;
};

const timeUnder = (work: Work, { name, value, periodMs = 60_000 }: LimitStats): number | undefined => {
  if (value === undefined || value <= 0) return undefined;
  if (name === "maxConcurrent") return Math.ceil(work.rows / value) * work.callMs;
  const needed = neededOf(work)[name];
  if (needed === undefined) return undefined;
  // What a day allows may be used at once; what a minute allows is spread over it.
  const periods = periodMs >= dayMs ? Math.ceil(needed / value) - 1 : needed / value;
  return Math.max(0, periods) * periodMs;
};

const neededOf = ({
  rows,
  inputTokens,
  outputTokens,
}: Work): Readonly<Partial<Record<LimitStats["name"], number>>> => ({
  requestsPerMinute: rows,
  requestsPerDay: rows,
  tokensPerMinute: inputTokens + outputTokens,
  tokensPerDay: inputTokens + outputTokens,
  inputTokensPerMinute: inputTokens,
  outputTokensPerMinute: outputTokens,
});
