import type { Demand } from "../call/call.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../call/json.ts";
import type { TokenCharge } from "./vendor.ts";

const tokensPerMessage = 4;
/** An image, a sound or a file: of the size of its own encoding it says nothing. */
const tokensPerAttachment = 1000;

/** A first guess at the tokens of a text: a quarter of its UTF-8 bytes, which errs little on English, code and Chinese alike. */
export const estimateTokens = (text: string): number => Math.ceil(Buffer.byteLength(text) / 4);

/**
 * What a chat body will take from the quotas.
 *
 * @param expectedOutputTokens what an answer is expected to take.
 * @param charge how the provider counts answers.
 */
export const chatDemand = (
  body: JsonObject,
  expectedOutputTokens: number,
  charge: TokenCharge = { output: "bound" },
): Demand => {
  let inputTokens = 0;
  const messages = body["messages"];
  if (Array.isArray(messages)) for (const message of messages) inputTokens += tokensPerMessage + messageTokens(message);
  for (const name of ["tools", "functions", "response_format"]) inputTokens += structureTokens(body[name]);
  return { inputTokens, ...outputDemand(outputBound(body), expectedOutputTokens, charge) };
};

/** Without a bound there is nothing that a provider could keep. */
const outputDemand = (
  bound: number | undefined,
  expectedTokens: number,
  { output, kept = false }: TokenCharge,
): Omit<Demand, "inputTokens"> => {
  if (bound === undefined || output === "used") {
    return { outputTokens: Math.min(bound ?? Infinity, expectedTokens), outputIsGuess: true };
  }
  return kept ? { outputTokens: bound, outputIsKept: true } : { outputTokens: bound };
};

const outputBound = (body: JsonObject): number | undefined => {
  const bound = body["max_completion_tokens"] ?? body["max_tokens"];
  if (typeof bound !== "number" || !(bound >= 0)) return undefined;
  const answers = body["n"];
  return typeof answers === "number" && answers > 1 ? bound * answers : bound;
};

const messageTokens = (message: JsonValue): number => {
  if (!isJsonObject(message)) return 0;
  return contentTokens(message["content"]) + structureTokens(message["tool_calls"]);
};

const contentTokens = (content: JsonValue | undefined): number => {
  if (typeof content === "string") return estimateTokens(content);
  if (!Array.isArray(content)) return 0;
  let tokens = 0;
  for (const part of content as readonly JsonValue[]) {
    if (!isJsonObject(part)) continue;
    const text = part["text"];
    tokens += typeof text === "string" ? estimateTokens(text) : tokensPerAttachment;
  }
  return tokens;
};

const structureTokens = (value: JsonValue | undefined): number =>
  value === undefined || value === null ? 0 : estimateTokens(JSON.stringify(value));
