import type { Demand } from "../call/call.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../call/json.ts";
import type { TokenCounter } from "./token-counter.ts";
import type { TokenCharge } from "./vendor.ts";

/** What a message takes beside its content. */
export const tokensPerMessage = 4;
/** An image, a sound or a file: of the size of its own encoding it says nothing. */
export const tokensPerAttachment = 1000;

/** A first guess at the tokens of a text: a quarter of its UTF-8 bytes, which errs little on English, code and Chinese alike. */
export const estimateTokens = (text: string): number => Math.ceil(Buffer.byteLength(text) / 4);

/**
 * What a chat body will take from the quotas.
 *
 * @param expectedOutputTokens what an answer is expected to take.
 * @param charge how the provider counts answers.
 */
export const chatDemand = (body: JsonObject, expectedOutputTokens: number, charge?: TokenCharge): Demand => ({
  inputTokens: chatInputTokens(body),
  ...outputDemand(chatOutputBound(body), expectedOutputTokens, charge),
});

/** The input tokens of a chat body. */
export const chatInputTokens = (body: JsonObject, count: TokenCounter = estimateTokens): number => {
  let inputTokens = 0;
  const messages = body["messages"];
  if (Array.isArray(messages))
    for (const message of messages) inputTokens += tokensPerMessage + messageTokens(message, count);
  for (const name of ["tools", "functions", "response_format"]) inputTokens += structureTokens(body[name], count);
  return inputTokens;
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

const messageTokens = (message: JsonValue, count: TokenCounter): number => {
  if (!isJsonObject(message)) return 0;
  return contentTokens(message["content"], count) + structureTokens(message["tool_calls"], count);
};

/** The tokens of a message's content: a text, or a list of parts. */
export const contentTokens = (content: JsonValue | undefined, count: TokenCounter): number => {
  if (typeof content === "string") return count(content);
  if (!Array.isArray(content)) return 0;
  let tokens = 0;
  for (const part of content as readonly JsonValue[]) {
    if (!isJsonObject(part)) continue;
    const text = part["text"];
    tokens += typeof text === "string" ? count(text) : tokensPerAttachment;
  }
  return tokens;
};

/** The tokens of anything that is not text, such as the description of a tool. */
export const structureTokens = (value: JsonValue | undefined, count: TokenCounter): number =>
  value === undefined || value === null ? 0 : count(JSON.stringify(value));
