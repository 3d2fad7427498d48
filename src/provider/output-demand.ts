import type { Demand } from "../call/call.ts";
import type { TokenCharge } from "./vendor.ts";

/**
 * What the output of a call will take from the quotas.
 *
 * @param expectedTokens what an answer is expected to take.
 * @param charge how the provider counts answers. Without a bound there is nothing that it could keep.
 */
export const outputDemand = (
  bound: number | undefined,
  expectedTokens: number,
  { output, kept = false }: TokenCharge = { output: "bound" },
): Omit<Demand, "inputTokens"> => {
  if (bound === undefined || output === "used") {
    return { outputTokens: Math.min(bound ?? Infinity, expectedTokens), outputIsGuess: true };
  }
  return kept ? { outputTokens: bound, outputIsKept: true } : { outputTokens: bound };
};
