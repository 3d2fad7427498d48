import type { Dimension } from "./dimension.ts";
import type { LimitStats } from "./limit-stats.ts";
import type { Limits } from "./limits.ts";
import { Pace } from "./pace.ts";

/** How the limits stand. Of the two dimensions that hold a rate, the rolling window is the one that people mean. */
export const limitStats = (now: number, dimensions: readonly Dimension[], limits: Limits): LimitStats[] =>
  dimensions
    .filter((dimension) => !(dimension instanceof Pace))
    .map((dimension) => ({
      name: dimension.name,
      value: dimension.largest,
      source: dimension.unit === "slot" && (limits.maxConcurrent ?? "auto") === "auto" ? "auto" : "configured",
      used: dimension.used(now),
    }));
