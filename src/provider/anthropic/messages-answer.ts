import { type JsonObject } from "../../call/json.ts";
import type { Usage } from "../../call/reply.ts";
import { countOf, field, objectsOf, textOf } from "../json-field.ts";
import type { ToolCall } from "../wire-format.ts";

/** Whether a body is a message. */
export const isMessage = (body: JsonObject): boolean => body["type"] === "message" && Array.isArray(body["content"]);

/** The text of a message, without its thinking. */
export const messageText = (body: JsonObject): string =>
  objectsOf(body["content"])
    .map((block) => (block["type"] === "text" ? textOf(block["text"]) : ""))
    .join("");

/** Why a message ended, in OpenAI's words where they fit. */
export const messageFinishReason = (body: JsonObject): string | undefined => {
  const reason = textOf(body["stop_reason"]);
  return reason === "" ? undefined : (finishReasons.get(reason) ?? reason);
};

const finishReasons: ReadonlyMap<string, string> = new Map([
  ["end_turn", "stop"],
  ["stop_sequence", "stop"],
  ["max_tokens", "length"],
  ["model_context_window_exceeded", "length"],
  ["tool_use", "tool_calls"],
  ["refusal", "content_filter"],
]);

/** What a message used: Anthropic counts the tokens of its cache beside the input. */
export const messageUsage = (body: JsonObject): Usage | undefined => {
  const usage = body["usage"];
  const input = countOf(field(usage, "input_tokens"));
  const output = countOf(field(usage, "output_tokens"));
  if (input === undefined && output === undefined) return undefined;
  const cached = countOf(field(usage, "cache_read_input_tokens")) ?? 0;
  const written = countOf(field(usage, "cache_creation_input_tokens")) ?? 0;
  return {
    inputTokens: (input ?? 0) + cached + written,
    outputTokens: output ?? 0,
    cachedTokens: cached,
    reasoningTokens: countOf(field(field(usage, "output_tokens_details"), "thinking_tokens")) ?? 0,
    ...(written > 0 && { cacheWriteTokens: written }),
  };
};

/** The tools that a message asks for; what the server calls by itself is not among them. */
export const messageToolCalls = (body: JsonObject): readonly ToolCall[] =>
  objectsOf(body["content"])
    .filter(({ type }) => type === "tool_use")
    .map(({ id, name, input = {} }) => ({
      id: textOf(id),
      name: textOf(name),
      arguments: typeof input === "string" ? input : JSON.stringify(input),
    }));
