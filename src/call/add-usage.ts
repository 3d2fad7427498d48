import type { Usage } from "./reply.ts";

/** What two calls used together; the tokens written to a cache are left out where neither call says any. */
export const addUsage = (a: Usage, b: Usage): Usage => ({
  inputTokens: a.inputTokens + b.inputTokens,
  outputTokens: a.outputTokens + b.outputTokens,
  cachedTokens: a.cachedTokens + b.cachedTokens,
  ...((a.cacheWriteTokens !== undefined || b.cacheWriteTokens !== undefined) && {
    cacheWriteTokens: (a.cacheWriteTokens ?? 0) + (b.cacheWriteTokens ?? 0),
  }),
  reasoningTokens: a.reasoningTokens + b.reasoningTokens,
});

/** The same where not every call has said what it used. */
export const addKnownUsage = (a: Usage | undefined, b: Usage | undefined): Usage | undefined =>
  a === undefined || b === undefined ? (a ?? b) : addUsage(a, b);
