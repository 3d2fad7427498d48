import type { ChatInput } from "../../call/chat-input.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../../call/json.ts";
import type { Usage } from "../../call/reply.ts";
import { systemText } from "../answer-instruction.ts";
import { isStrict } from "../strict-schema.ts";
import type { Vendor } from "../vendor.ts";
import type { ToolCall } from "../wire-format.ts";

/** The body of a chat completion request. */
export const encodeChat = (input: ChatInput, model: string, vendor: Vendor): JsonObject => ({
  model,
  messages: chatMessages(input, vendor),
  ...(input.temperature !== undefined && { temperature: input.temperature }),
  ...(input.topP !== undefined && { top_p: input.topP }),
  ...(input.maxOutputTokens !== undefined && { [vendor.outputBoundField ?? "max_tokens"]: input.maxOutputTokens }),
  ...(input.stop !== undefined && { stop: input.stop }),
  ...(input.seed !== undefined && { [vendor.seedField ?? "seed"]: input.seed }),
  ...responseFormat(input, vendor),
  ...input.params,
});

const chatMessages = (input: ChatInput, vendor: Vendor): readonly JsonObject[] => {
  const { messages = [], prompt } = input;
  const system = systemText(input, holdsToSchema(vendor));
  return [
    ...(system === undefined ? [] : [{ role: "system", content: system }]),
    ...(messages as readonly JsonObject[]),
    ...(prompt === undefined ? [] : [{ role: "user", content: prompt }]),
  ];
};

const responseFormat = ({ answer }: ChatInput, vendor: Vendor): JsonObject => {
  if (answer === undefined || vendor.structured === "none") return {};
  const { name, schema } = answer;
  if (schema === undefined || !holdsToSchema(vendor)) return { response_format: { type: "json_object" } };
  return { response_format: { type: "json_schema", json_schema: { name, schema, strict: isStrict(schema) } } };
};

const holdsToSchema = ({ structured = "json_schema" }: Vendor): boolean => structured === "json_schema";

/** The text of the first answer; empty when it has none. */
export const chatText = (body: JsonObject): string => contentText(messageOf(firstChoice(body))?.["content"]);

/** Why the first answer ended; `undefined` when the provider did not say. */
export const chatFinishReason = (body: JsonObject): string | undefined => {
  const reason = firstChoice(body)?.["finish_reason"];
  return typeof reason === "string" && reason !== "" ? reason : undefined;
};

/** Why the model would not answer; `undefined` when it did. */
export const chatRefusal = (body: JsonObject): string | undefined =>
  textOf(messageOf(firstChoice(body))?.["refusal"]) || undefined;

/** The calls of tools in the first answer, the older kind of call among them. */
export const chatToolCalls = (body: JsonObject): readonly ToolCall[] => {
  const message = messageOf(firstChoice(body));
  const calls = message?.["tool_calls"];
  const older = message?.["function_call"];
  const asked = Array.isArray(calls) ? (calls as readonly JsonValue[]).filter(isJsonObject) : [];
  return [...asked, ...(isJsonObject(older) ? [{ function: older }] : [])].map((call) => ({
    id: textOf(field(call, "id")),
    name: textOf(field(field(call, "function"), "name")),
    arguments: textOf(field(field(call, "function"), "arguments")),
  }));
};

/** What the call used; `undefined` when the provider reported nothing. */
export const chatUsage = (body: JsonObject): Usage | undefined => {
  const usage = reportedUsage(body);
  const input = count(usage?.["prompt_tokens"]);
  const output = count(usage?.["completion_tokens"]);
  if (usage === undefined || (input === undefined && output === undefined)) return undefined;
  const cached =
    count(field(usage["prompt_tokens_details"], "cached_tokens")) ??
    count(usage["prompt_cache_hit_tokens"]) ??
    count(usage["cached_tokens"]);
  const written = count(field(usage["prompt_tokens_details"], "cache_write_tokens"));
  const reasoning =
    count(field(usage["completion_tokens_details"], "reasoning_tokens")) ?? count(usage["reasoning_tokens"]);
  return {
    inputTokens: input ?? 0,
    outputTokens: output ?? 0,
    cachedTokens: cached ?? 0,
    ...(written !== undefined && { cacheWriteTokens: written }),
    reasoningTokens: reasoning ?? 0,
  };
};

/** The text of a message's content: a string, or the text parts of a list. */
export const contentText = (content: JsonValue | undefined): string => {
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return "";
  let text = "";
  for (const part of content as readonly JsonValue[]) {
    const piece = field(part, "text");
    if (typeof piece === "string" && field(part, "type") !== "thinking") text += piece;
  }
  return text;
};

/** The usage object, wherever a vendor puts it: Groq beside the standard place, Moonshot in the first choice. */
export const reportedUsage = (body: JsonObject): JsonObject | undefined => {
  for (const usage of [body["usage"], field(body["x_groq"], "usage"), firstChoice(body)?.["usage"]]) {
    if (isJsonObject(usage)) return usage;
  }
  return undefined;
};

const firstChoice = (body: JsonObject): JsonObject | undefined => {
  const choices = body["choices"];
  const first = Array.isArray(choices) ? (choices as readonly JsonValue[])[0] : undefined;
  return isJsonObject(first) ? first : undefined;
};

const messageOf = (choice: JsonObject | undefined): JsonObject | undefined => {
  const message = choice?.["message"];
  return isJsonObject(message) ? message : undefined;
};

const field = (value: JsonValue | undefined, name: string): JsonValue | undefined =>
  isJsonObject(value) ? value[name] : undefined;

const textOf = (value: JsonValue | undefined): string => (typeof value === "string" ? value : "");

const count = (value: JsonValue | undefined): number | undefined =>
  typeof value === "number" && value >= 0 ? value : undefined;
