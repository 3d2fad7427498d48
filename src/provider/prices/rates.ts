import type { Usage } from "../../call/reply.ts";

/** What tokens cost, per million; in which currency is said elsewhere. */
export interface Rates {
  readonly input: number;
  /** Absent where a model has no output, as embeddings. */
  readonly output?: number;
  /** @default the price of other input */
  readonly cachedInput?: number;
  /** @default the price of other input */
  readonly cacheWrite?: number;
  /** @default the price of other output */
  readonly reasoning?: number;
}

/** What the tokens cost at these rates; `undefined` when some of them have no price. */
export const amountAt = (rates: Rates, usage: Usage): number | undefined => {
  const { input, output, cachedInput = input, cacheWrite = input, reasoning = output } = rates;
  const tokens = tokenParts(usage);
  const answered = tokens.answer + tokens.reasoning;
  if (!Number.isFinite(tokens.input + answered)) return undefined;
  const asked = tokens.plain * input + tokens.cached * cachedInput + tokens.written * cacheWrite;
  if (answered === 0) return asked / 1e6;
  if (output === undefined || reasoning === undefined) return undefined;
  return (asked + tokens.answer * output + tokens.reasoning * reasoning) / 1e6;
};

/** Tokens by what they are priced as; the parts add up even where a provider's numbers do not. */
export interface TokenParts {
  readonly input: number;
  readonly plain: number;
  readonly cached: number;
  readonly written: number;
  readonly answer: number;
  readonly reasoning: number;
}

/** Splits a usage into parts that are priced apart. */
export const tokenParts = (usage: Usage): TokenParts => {
  const { inputTokens: input, outputTokens: output, cachedTokens, cacheWriteTokens = 0, reasoningTokens } = usage;
  const cached = Math.min(input, cachedTokens);
  const written = Math.min(input - cached, cacheWriteTokens);
  const reasoning = Math.min(output, reasoningTokens);
  return { input, plain: input - cached - written, cached, written, answer: output - reasoning, reasoning };
};
