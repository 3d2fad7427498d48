import type { CallError } from "../call/call-error.ts";
import type { Demand } from "../call/call.ts";
import type { Outcome } from "../call/limiter.ts";
import type { Unit } from "./dimension.ts";
import type { Limits } from "./limits.ts";

/** What one attempt takes from each kind of quota. */
export type Amounts = Readonly<Record<Unit, number>>;

const nothing: Amounts = { slot: 0, request: 0, input: 0, output: 0, total: 0 };

const amountsFrom = (slot: number, input: number, output: number): Amounts => ({
  slot,
  request: 1,
  input,
  output,
  total: input + output,
});

/**
 * What an attempt reserves. A guess of the output is cut to what the limits can ever grant: only what is known to be
 * too large is refused.
 */
export const amountsOf = (demand: Demand, limits: Limits): Amounts => {
  const { inputTokens: input } = demand;
  const output =
    demand.outputIsGuess === true ? Math.min(demand.outputTokens, largestOutput(input, limits)) : demand.outputTokens;
  return amountsFrom(1, input, output);
};

const largestOutput = (
  input: number,
  { tokensPerMinute = Infinity, tokensPerDay = Infinity, outputTokensPerMinute = Infinity }: Limits,
): number => Math.max(0, Math.min(tokensPerMinute - input, tokensPerDay - input, outputTokensPerMinute));

/** What an attempt counts for when it has produced more than was reserved; undefined while it has not. */
export const amountsBeyond = (taken: Amounts, outputTokens: number): Amounts | undefined =>
  outputTokens > taken.output ? amountsFrom(taken.slot, taken.input, outputTokens) : undefined;

/** What an attempt used up. Without an outcome it never started. */
export const amountsUsed = (taken: Amounts, demand: Demand, outcome: Outcome | undefined): Amounts => {
  if (outcome === undefined) return nothing;
  if (!outcome.ok) return usedByFailure(taken, outcome.error);
  const { usage } = outcome;
  if (usage === undefined) return { ...taken, slot: 0 };
  const kept = demand.outputIsKept === true ? taken.output : 0;
  return amountsFrom(0, usage.inputTokens, Math.max(usage.outputTokens, kept));
};

/** A provider that refused a request charged no tokens; one that broke off may have charged all of them. */
const usedByFailure = (taken: Amounts, { status, unreachable }: CallError): Amounts =>
  unreachable || (status !== undefined && status >= 400 && status < 500)
    ? { ...nothing, request: 1 }
    : { ...taken, slot: 0 };
