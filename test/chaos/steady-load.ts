import { createLLM } from "../../src/client/create-llm.ts";
import { exactLowerBound, type KnownCall } from "../../src/observe/lower-bound.ts";
import { logNormal } from "../../src/simulator/log-normal.ts";
import { usualLatency } from "../../src/simulator/usual-latency.ts";
import { createVirtualProvider, type VirtualProviderOptions } from "../../src/simulator/virtual-provider.ts";
import { seededRng } from "../../src/time/rng.ts";
import { VirtualClock } from "../../src/time/virtual-clock.ts";
import type { ClientMode } from "./world-plan.ts";
import { drive } from "./drive.ts";
import { trueRates } from "./true-rates.ts";
import { fillerText } from "../fixtures/filler-text.ts";

/** A job of many quota minutes at a provider that is fine. */
export interface SteadyLoad {
  readonly server: Pick<VirtualProviderOptions, "quota" | "burstMs" | "windowMs" | "windowPhaseMs" | "requestQuota">;
  readonly mode: Exclude<ClientMode, "far too high">;
  /** How many minutes of the quota of requests the job is worth. */
  readonly minutes: number;
  readonly seed?: number;
}

/** How a job went. */
export interface SteadyOutcome {
  readonly throttledShare: number;
  readonly makespanMs: number;
  readonly lowerBoundMs: number;
  readonly boundBy: string;
  readonly failed: number;
}

const limits = { requestsPerMinute: 600, tokensPerMinute: 1_000_000 };

/** Runs a job to its end and compares it with the time below which no schedule can get. */
export const runSteadily = async ({ server, mode, minutes, seed = 1 }: SteadyLoad): Promise<SteadyOutcome> => {
  const clock = new VirtualClock();
  const calls: KnownCall[] = [];
  const provider = createVirtualProvider({
    clock,
    seed,
    ...limits,
    ...server,
    headers: mode === "headers",
    latency: (rng, input, output) => {
      const latency = usualLatency(rng, input, output);
      calls.push({ latencyMs: latency.totalMs, input, output });
      return latency;
    },
  });
  const llm = createLLM({
    model: "m",
    clock,
    rng: seededRng(seed),
    limits: mode === "configured" ? limits : {},
    handler: provider.handle,
  });
  const results = await drive(clock, llm.batch(requests(limits.requestsPerMinute * minutes, seed)));
  const { throttled, attempts } = provider.books();
  return {
    throttledShare: throttled / attempts,
    makespanMs: clock.now(),
    ...exactLowerBound({ calls, rates: trueRates({ ...limits, ...server }) }),
    failed: results.filter(({ ok }) => !ok).length,
  };
};

/** Chat as in the Azure traces of 2023; no prompt is larger than a hundredth of a minute. */
const requests = (count: number, seed: number) => {
  const rng = seededRng(seed);
  return Array.from({ length: count }, () => {
    const input = Math.min(8000, Math.ceil(Math.exp(6.633) * logNormal(rng, 0.985)));
    const output = Math.min(1500, Math.ceil(Math.exp(5.019) * logNormal(rng, 0.859)));
    const messages = [{ role: "user", content: fillerText(4 * input) }];
    return { body: { messages, input, output, max_tokens: output } };
  });
};
