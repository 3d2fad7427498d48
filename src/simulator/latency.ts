import type { Rng } from "../time/rng.ts";
import { logNormal } from "./log-normal.ts";

/** How long one answer takes. */
export interface Latency {
  /** Until its first token. */
  readonly firstMs: number;
  /** Between two tokens. */
  readonly tokenMs: number;
}

/** How long answers take. */
export interface LatencyOptions {
  readonly firstTokenMs: number;
  readonly tokenMs: number;
  readonly latencySpread: number;
}

/** Draws the latency of one call around its medians. */
export const drawLatency = ({ firstTokenMs, tokenMs, latencySpread }: LatencyOptions, rng: Rng): Latency => ({
  firstMs: firstTokenMs * logNormal(rng, latencySpread),
  tokenMs: tokenMs * logNormal(rng, latencySpread),
});
