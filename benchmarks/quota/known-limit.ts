import type { Limits } from "../../src/limit/limits.ts";
import type { ChatCall } from "./chat-calls.ts";

/** The limit that binds, as the provider's documentation states it. */
export interface KnownLimit {
  readonly unit: "request" | "total" | "output" | "slot";
  /** Per minute; for slots, how many. */
  readonly limit: number;
  /** The same, and those that do not bind, for a client that takes them. */
  readonly limits: Limits;
  readonly meanCall: ChatCall;
}

/** What one call takes of it, its answer estimated by the mean. */
export const expectedCost = ({ unit, meanCall }: KnownLimit, { input }: ChatCall): number => {
  if (unit === "total") return Math.ceil(input + meanCall.output);
  return unit === "output" ? Math.ceil(meanCall.output) : 1;
};

/** How many calls a minute it allows in the mean. */
export const callsPerMinute = (known: KnownLimit): number => {
  if (known.unit === "slot") return (known.limit * 60_000) / meanLatencyMs(known);
  return known.limit / expectedCost(known, known.meanCall);
};

/** How many calls must be in flight to use all of it: Little's law. */
export const callsAtOnce = (known: KnownLimit): number =>
  known.unit === "slot" ? known.limit : Math.round((callsPerMinute(known) * meanLatencyMs(known)) / 60_000);

/** Half a second, 15 ms a token, and the network both ways. */
const meanLatencyMs = ({ meanCall }: KnownLimit): number => 600 + 15 * meanCall.output;
