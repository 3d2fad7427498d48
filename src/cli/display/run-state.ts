import type { Snapshot } from "./snapshot.ts";

/** What a run is doing, as far as a change of it is worth a line at once. */
export type RunState = "reading" | "running" | "held" | "paused" | "draining" | "aborting";

/** The state at the moment of a snapshot. */
export const runState = ({ phase, heldMs, boundBy }: Snapshot): RunState => {
  if (phase !== "running") return phase;
  if (heldMs >= shortestTold) return "held";
  return boundBy === "paused" ? "paused" : "running";
};

/** A hold of a moment is the everyday life of a rate limit, and no news. */
const shortestTold = 2000;
