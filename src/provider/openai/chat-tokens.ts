import { isJsonObject, type JsonObject, type JsonValue } from "../../call/json.ts";
import { contentTokens, structureTokens, tokensOfAnswerStart, tokensPerMessage } from "../tokens/content-tokens.ts";
import { estimateTokens, type TokenCounter } from "../tokens/estimate-tokens.ts";

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

/** The bound on the output of a chat body, over all its answers. */
export const chatOutputBound = (body: JsonObject): number | undefined => {
  const bound = body["max_completion_tokens"] ?? body["max_tokens"];
  if (typeof bound !== "number" || !(bound >= 0)) return undefined;
  const answers = body["n"];
  return typeof answers === "number" && answers > 1 ? bound * answers : bound;
};

/** The tokens of one message of a chat, without what every message takes. */
const messageTokens = (message: JsonValue, count: TokenCounter): number => {
  if (!isJsonObject(message)) return 0;
  const name = message["name"];
  const named = typeof name === "string" ? 1 + count(name) : 0;
  return named + contentTokens(message["content"], count) + structureTokens(message["tool_calls"], count);
};
