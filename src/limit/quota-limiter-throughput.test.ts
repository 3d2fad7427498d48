import { describe, expect, it } from "vitest";
import { seededRng } from "../time/rng.ts";
import { sleep } from "../time/sleep.ts";
import { VirtualClock } from "../time/virtual-clock.ts";
import type { Limits } from "./limits.ts";
import { QuotaLimiter } from "./quota-limiter.ts";

const minute = 60_000;

interface Start {
  readonly at: number;
  readonly tokens: number;
}

/** Endless demand for 30 virtual minutes: two hundred callers that come back at once. */
const run = async (limits: Limits, tokens: () => number, latencyMs = 1000, margin = 1): Promise<Start[]> => {
  const clock = new VirtualClock();
  const limiter = new QuotaLimiter({ clock, limits: { maxConcurrent: 10_000, ...limits } });
  const starts: Start[] = [];
  let sequence = 0;
  const call = async (): Promise<void> => {
    const caller = new AbortController();
    while (clock.now() < 30 * minute) {
      const used = tokens();
      const demand = { inputTokens: Math.ceil(used * margin), outputTokens: 0 };
      const permit = await limiter.admit({ id: "1", demand, priority: 0, sequence: sequence++, signal: caller.signal });
      starts.push({ at: clock.now(), tokens: used });
      await sleep(clock, latencyMs, caller.signal);
      const usage = { inputTokens: used, outputTokens: 0, cachedTokens: 0, reasoningTokens: 0 };
      permit.settle({ ok: true, usage });
    }
  };
  await clock.until(Promise.all(Array.from({ length: 200 }, call)));
  expect(clock.armed).toBe(0);
  return starts.filter(({ at }) => at < 30 * minute);
};

/** Most and mean of what was started in the rolling minutes that end at a start. */
const rollingMinutes = (starts: readonly Start[], amount: (start: Start) => number) => {
  let most = 0;
  let all = 0;
  let minutes = 0;
  let first = 0;
  let within = 0;
  for (const start of starts) {
    within += amount(start);
    for (let oldest = starts[first]; oldest !== undefined && oldest.at <= start.at - minute; oldest = starts[++first])
      within -= amount(oldest);
    most = Math.max(most, within);
    if (start.at < minute) continue;
    all += within;
    minutes += 1;
  }
  return { most, mean: all / minutes };
};

const one = (): number => 1;
const size = ({ tokens }: Start): number => tokens;

/** Log-normal sizes as prompts have them: most are small, some are twenty times as large. */
const logNormal = (seed: number, median: number): (() => number) => {
  const rng = seededRng(seed);
  return () => {
    const normal = Math.sqrt(-2 * Math.log(1 - rng())) * Math.cos(2 * Math.PI * rng());
    return Math.max(1, Math.round(median * Math.exp(normal)));
  };
};

describe("QuotaLimiter under endless demand", () => {
  it("uses 99 % of a limit of requests and never exceeds it", async () => {
    const starts = await run({ requestsPerMinute: 600 }, () => 0);
    const { most, mean } = rollingMinutes(starts, one);
    expect(most).toBeLessThanOrEqual(600);
    expect(mean / 600).toBeGreaterThanOrEqual(0.99);
  });

  it("uses 99 % of a limit of tokens with sizes up to a hundredth of it, and never exceeds it", async () => {
    const starts = await run({ tokensPerMinute: 1_000_000 }, logNormal(1, 500));
    const { most, mean } = rollingMinutes(starts, size);
    expect(most).toBeLessThanOrEqual(1_000_000);
    expect(mean / 1_000_000).toBeGreaterThanOrEqual(0.99);
  });

  it("uses 95 % with sizes up to a tenth of the limit, and never exceeds it", async () => {
    const starts = await run({ tokensPerMinute: 200_000 }, logNormal(1, 500));
    const { most, mean } = rollingMinutes(starts, size);
    expect(most).toBeLessThanOrEqual(200_000);
    expect(mean / 200_000).toBeGreaterThanOrEqual(0.95);
  });

  it("gives what was reserved too much to others as soon as it is known", async () => {
    const starts = await run({ tokensPerMinute: 1_000_000 }, logNormal(2, 500), 1000, 1.5);
    const { most, mean } = rollingMinutes(starts, size);
    expect(most).toBeLessThanOrEqual(1_000_000);
    expect(mean / 1_000_000).toBeGreaterThanOrEqual(0.95);
  });

  it("uses the one of several limits that binds", async () => {
    const limits = { requestsPerMinute: 6000, tokensPerMinute: 1_000_000, inputTokensPerMinute: 900_000 };
    const starts = await run(limits, logNormal(3, 500));
    const { most, mean } = rollingMinutes(starts, size);
    expect(most).toBeLessThanOrEqual(900_000);
    expect(mean / 900_000).toBeGreaterThanOrEqual(0.99);
  });

  it("never starts more than a second's worth, or one call, ahead of an even pace", async () => {
    const starts = await run({ requestsPerMinute: 600 }, () => 0);
    for (let from = 0; from < starts.length; from += 97) {
      for (const length of [1, 9, 50, 500]) {
        const [first, last] = [starts[from], starts[from + length]];
        if (first === undefined || last === undefined) continue;
        expect(length + 1).toBeLessThanOrEqual(10 + ((last.at - first.at) / minute) * 600 + 1e-6);
      }
    }
  });

  it("gives no burst above the pace after a month of sleep", async () => {
    const clock = new VirtualClock();
    const limiter = new QuotaLimiter({ clock, limits: { maxConcurrent: 1000, requestsPerMinute: 600 } });
    await clock.advance(30 * 24 * 60 * minute);
    for (let sequence = 0; sequence < 30; sequence++) {
      const { signal } = new AbortController();
      const demand = { inputTokens: 0, outputTokens: 0 };
      limiter.admit({ id: "1", demand, priority: 0, sequence, signal }).catch(() => undefined);
    }
    expect(limiter.inFlight).toBe(9);
  });
});
