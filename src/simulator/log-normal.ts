import type { Rng } from "../time/rng.ts";

/** A factor whose median is 1 and whose logarithm deviates by `sigma`: the law that latencies and lengths follow. */
export const logNormal = (rng: Rng, sigma: number): number => {
  if (sigma === 0) return 1;
  // Box and Muller 1958; 1 - u keeps the logarithm away from 0.
  const normal = Math.sqrt(-2 * Math.log(1 - rng())) * Math.cos(2 * Math.PI * rng());
  return Math.exp(sigma * normal);
};
