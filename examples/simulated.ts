import process from "node:process";
import { type Simulator, type SimulatorOptions, startSimulator } from "sluice";

/** How long the simulated provider takes for an answer. Set `SLUICE_EXAMPLE_LATENCY_MS` to shorten it. */
export const latencyMs: number = Number(process.env["SLUICE_EXAMPLE_LATENCY_MS"] ?? 2000);

/** Starts a provider on this machine: real HTTP, no key, no cost. */
export const simulated = (options: SimulatorOptions = {}): Promise<Simulator> =>
  startSimulator({ firstTokenMs: latencyMs, outputTokens: 12, seed: 1, ...options });

/** Seconds that some work takes. */
export const secondsOf = async (work: () => Promise<unknown>): Promise<number> => {
  const startedAt = performance.now();
  await work();
  return (performance.now() - startedAt) / 1000;
};
