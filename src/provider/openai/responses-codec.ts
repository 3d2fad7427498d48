import { isJsonObject, type JsonObject, type JsonValue } from "../../call/json.ts";
import type { Usage } from "../../call/reply.ts";
import { contentTokens, structureTokens, tokensPerMessage } from "../tokens/content-tokens.ts";
import type { TokenCounter } from "../tokens/estimate-tokens.ts";
import type { ToolCall } from "../wire-format.ts";

/** The output text of all messages of a response. */
export const responsesText = (body: JsonObject): string => {
  let text = "";
  for (const item of outputItems(body)) {
    for (const part of objects(item["content"])) if (part["type"] === "output_text") text += textOf(part["text"]);
  }
  return text;
};

/** Why a response ended; its own status or reason where it has no counterpart among a chat's. */
export const responsesFinishReason = (body: JsonObject): string | undefined => {
  const { status, incomplete_details: details } = body;
  if (typeof status !== "string") return undefined;
  if (status === "completed") return responsesToolCalls(body).length > 0 ? "tool_calls" : "stop";
  const reason = status === "incomplete" ? textOf(field(details, "reason")) : status;
  return reason === "max_output_tokens" ? "length" : reason === "" ? status : reason;
};

/** Why the model would not answer; `undefined` when it did. */
export const responsesRefusal = (body: JsonObject): string | undefined =>
  outputItems(body)
    .flatMap(({ content }) => objects(content))
    .map(({ refusal }) => textOf(refusal))
    .find((refusal) => refusal !== "");

/** The calls of functions and of custom tools that a response asks for. */
export const responsesToolCalls = (body: JsonObject): readonly ToolCall[] =>
  outputItems(body)
    .filter(({ type }) => type === "function_call" || type === "custom_tool_call")
    .map((item) => ({
      id: textOf(item["call_id"]),
      name: textOf(item["name"]),
      arguments: textOf(item["arguments"] ?? item["input"]),
    }));

/** What a response used; `undefined` when it does not say. */
export const responsesUsage = ({ usage }: JsonObject): Usage | undefined => {
  const input = count(field(usage, "input_tokens"));
  const output = count(field(usage, "output_tokens"));
  if (input === undefined && output === undefined) return undefined;
  return {
    inputTokens: input ?? 0,
    outputTokens: output ?? 0,
    cachedTokens: count(field(field(usage, "input_tokens_details"), "cached_tokens")) ?? 0,
    reasoningTokens: count(field(field(usage, "output_tokens_details"), "reasoning_tokens")) ?? 0,
  };
};

/** The failure in a response that failed, or in an event that says so. */
export const responsesFailure = (body: JsonObject): JsonObject | undefined => {
  const { type, response, error } = body;
  if (type === "error") return isJsonObject(error) ? { error } : { error: { ...body, type: undefined } };
  const failed = isJsonObject(response) ? response : body;
  if (failed["status"] !== "failed" && type !== "response.failed") return undefined;
  return { error: isJsonObject(failed["error"]) ? failed["error"] : { message: "The response failed" } };
};

/** The input tokens of a request for a response: instructions, input and tools. */
export const responsesInputTokens = (body: JsonObject, counter: TokenCounter): number => {
  const { instructions, input, tools, text } = body;
  let tokens = structureTokens(tools, counter) + structureTokens(field(text, "format"), counter);
  if (typeof instructions === "string") tokens += tokensPerMessage + counter(instructions);
  if (typeof input === "string") return tokens + tokensPerMessage + counter(input);
  for (const item of objects(input)) tokens += tokensPerMessage + itemTokens(item, counter);
  return tokens;
};

/** The bound on the output of a response, reasoning included. */
export const responsesOutputBound = ({ max_output_tokens: bound }: JsonObject): number | undefined => count(bound);

/** A message has content; the output of a tool has text or parts, too; anything else counts as it stands. */
const itemTokens = (item: JsonObject, counter: TokenCounter): number => {
  const content = item["content"] ?? item["output"];
  return content === undefined ? structureTokens(item, counter) : contentTokens(content, counter);
};

const outputItems = (body: JsonObject): readonly JsonObject[] => objects(body["output"]);

const objects = (list: JsonValue | undefined): readonly JsonObject[] =>
  Array.isArray(list) ? (list as readonly JsonValue[]).filter(isJsonObject) : [];

const field = (value: JsonValue | undefined, name: string): JsonValue | undefined =>
  isJsonObject(value) ? value[name] : undefined;

const textOf = (value: JsonValue | undefined): string => (typeof value === "string" ? value : "");

const count = (value: JsonValue | undefined): number | undefined =>
  typeof value === "number" && value >= 0 ? value : undefined;
