import type { Rng } from "../time/rng.ts";
import { logNormal } from "./log-normal.ts";

/** Draws how long an answer of so many tokens takes to its first token, and as a whole. */
export type LatencyLaw = (rng: Rng, inputTokens: number, outputTokens: number) => DrawnLatency;

/** How long one answer takes when nothing slows it down. */
export interface DrawnLatency {
  readonly firstMs: number;
  readonly totalMs: number;
}

/** Half a second to the first token, more or less, and 15 ms for each token. */
export const usualLatency: LatencyLaw = (rng, _inputTokens, outputTokens) => {
  const firstMs = 1000 * Math.exp(-0.7) * logNormal(rng, 0.25);
  return { firstMs, totalMs: firstMs + outputTokens * 15 };
};

/** One way through the network; answers overtake each other. */
export const usualNetwork = (rng: Rng): number => 40 * logNormal(rng, 0.5);
