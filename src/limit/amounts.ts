import type { CallError, ExceededQuota } from "../call/call-error.ts";
import type { Demand } from "../call/call.ts";
import type { Outcome } from "../call/limiter.ts";
import type { Amounts } from "./admission.ts";
import type { Lesson } from "./dimension.ts";
import type { Limits } from "./limits.ts";

const nothing: Amounts = { slot: 0, request: 0, input: 0, output: 0, total: 0 };

/**
 * What an attempt reserves. A guess of the output is cut to what the limits can ever grant: only what is known to be
 * too large is refused.
 */
export const amountsOf = (demand: Demand, limits: Limits): Amounts => {
  const { inputTokens: input } = demand;
  const output =
    demand.outputIsGuess === true ? Math.min(demand.outputTokens, largestOutput(input, limits)) : demand.outputTokens;
  return { slot: 1, request: 1, input, output, total: input + output };
};

const largestOutput = (
  input: number,
  { tokensPerMinute = Infinity, tokensPerDay = Infinity, outputTokensPerMinute = Infinity }: Limits,
): number => Math.max(0, Math.min(tokensPerMinute - input, tokensPerDay - input, outputTokensPerMinute));

/** What an attempt used up, and what a limit can learn from it. Without an outcome it never started. */
export const amountsUsed = (
  taken: Amounts,
  outcome: Outcome | undefined,
  limits: Limits,
): { readonly used: Amounts; readonly lesson: Lesson | undefined } => {
  if (outcome === undefined) return { used: nothing, lesson: undefined };
  if (!outcome.ok) return { used: usedByFailure(taken, outcome.error), lesson: lessonOf(outcome.error, limits) };
  const { usage } = outcome;
  if (usage === undefined) return { used: { ...taken, slot: 0 }, lesson: "succeeded" };
  const { inputTokens: input, outputTokens: output } = usage;
  return { used: { slot: 0, request: 1, input, output, total: input + output }, lesson: "succeeded" };
};

/** A provider that refused a request charged no tokens; one that broke off may have charged all of them. */
const usedByFailure = (taken: Amounts, { status, unreachable }: CallError): Amounts =>
  unreachable || (status !== undefined && status >= 400 && status < 500)
    ? { ...nothing, request: 1 }
    : { ...taken, slot: 0 };

const lessonOf = ({ code, exceeded }: CallError, limits: Limits): Lesson | undefined => {
  if (code === "throttled") return isKnownRate(exceeded, limits) ? "throttled" : "crowded";
  return code === "cancelled" || code === "closed" ? undefined : "failed";
};

/** A rate that is configured is paced by its own dimension; one that is not can only be met with fewer calls at once. */
const isKnownRate = (exceeded: ExceededQuota | undefined, limits: Limits): boolean => {
  if (exceeded === "requests") return limits.requestsPerMinute !== undefined;
  return (
    exceeded === "tokens" &&
    (limits.tokensPerMinute ?? limits.inputTokensPerMinute ?? limits.outputTokensPerMinute) !== undefined
  );
};
