import type { Demand } from "../call/call.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../call/json.ts";
import { contentTokens, structureTokens, tokensOfAnswerStart, tokensPerMessage } from "./tokens/content-tokens.ts";
import { estimateTokens, type TokenCounter } from "./tokens/estimate-tokens.ts";
import type { TokenCharge } from "./vendor.ts";

/** The input tokens of a chat body. */
export const chatInputTokens = (body: JsonObject, count: TokenCounter = estimateTokens): number => {
  let tokens = 0;
  const messages = body["messages"];
  if (Array.isArray(messages)) {
    tokens += tokensOfAnswerStart;
    for (const message of messages) tokens += tokensPerMessage + messageTokens(message, count);
  }
  for (const name of ["tools", "functions", "response_format"]) tokens += structureTokens(body[name], count);
  return tokens;
};

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

/** The bound on the output of a chat body, over all its answers. */
export const chatOutputBound = (body: JsonObject): number | undefined => {
  const bound = body["max_completion_tokens"] ?? body["max_tokens"];
  if (typeof bound !== "number" || !(bound >= 0)) return undefined;
  const answers = body["n"];
  return typeof answers === "number" && answers > 1 ? bound * answers : bound;
};

/** The tokens of one message of a chat, without what every message takes. */
const messageTokens = (message: JsonValue, count: TokenCounter = estimateTokens): number => {
  if (!isJsonObject(message)) return 0;
  const name = message["name"];
  const named = typeof name === "string" ? 1 + count(name) : 0;
  return named + contentTokens(message["content"], count) + structureTokens(message["tool_calls"], count);
};
