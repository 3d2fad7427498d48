import type { Reply, Usage } from "../call/reply.ts";

/** A reply that also accounts for what an earlier answer to the same call has used. */
export const addedUsage = (reply: Reply, earlier: Usage | undefined): Reply => {
  const { usage } = reply;
  if (earlier === undefined) return reply;
  return { ...reply, usage: usage === undefined ? earlier : usageSum(earlier, usage) };
};

/** What two answers have used together. */
export const usageSum = (a: Usage, b: Usage): Usage => ({
  inputTokens: a.inputTokens + b.inputTokens,
  outputTokens: a.outputTokens + b.outputTokens,
  cachedTokens: a.cachedTokens + b.cachedTokens,
  reasoningTokens: a.reasoningTokens + b.reasoningTokens,
  ...(a.cacheWriteTokens === undefined && b.cacheWriteTokens === undefined
    ? {}
    : { cacheWriteTokens: (a.cacheWriteTokens ?? 0) + (b.cacheWriteTokens ?? 0) }),
});
