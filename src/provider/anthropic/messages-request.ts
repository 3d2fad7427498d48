import type { ChatInput } from "../../call/chat-input.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../../call/json.ts";
import { withSystem } from "../answer-instruction.ts";
import { attachmentOf } from "../attachment.ts";
import { type AskedCall, conversationOf, type MessageContent, type Turn } from "../conversation.ts";
import { countOf, field } from "../json-field.ts";
import { messagesSchema } from "./messages-schema.ts";

/** The API refuses a request without a bound; this one is sent where the caller gives none, and goes on top of a budget for thinking. */
const usualBound = 4096;

/**
 * The body of a Messages request.
 *
 * `temperature` and `topP` are left out: the API refuses them from version 2026-10-21 on, and newer models under any
 * version. Who talks to an older model under an older version gives them in `params`. A seed is unknown there.
 */
export const encodeMessages = (input: ChatInput, model: string): JsonObject => {
  const schema = messagesSchema(input.answer?.schema);
  const { system, turns } = conversationOf(withSystem(input, schema !== undefined));
  const { maxOutputTokens = usualBound + thinkingBudget(input.params), stop } = input;
  return {
    model,
    max_tokens: maxOutputTokens,
    ...(system.length > 0 && { system: joined(system) }),
    messages: turns.map(messageOf),
    ...(stop !== undefined && { stop_sequences: typeof stop === "string" ? [stop] : stop }),
    ...(schema !== undefined && { output_config: { format: { type: "json_schema", schema } } }),
    ...input.params,
  };
};

const thinkingBudget = (params: JsonObject | undefined): number =>
  countOf(field(params?.["thinking"], "budget_tokens")) ?? 0;

/** Several sayings of the system become one text, or blocks where one of them is made of blocks. */
const joined = (system: readonly MessageContent[]): JsonValue =>
  system.every((content) => typeof content === "string") ? system.join("\n\n") : system.flatMap(blocksOf);

const messageOf = (turn: Turn): JsonObject => {
  if ("results" in turn) {
    const content = turn.results.map(({ id, content }) => ({
      type: "tool_result",
      tool_use_id: id,
      content: typeof content === "string" ? content : blocksOf(content),
    }));
    return { role: "user", content };
  }
  const { role, content, calls } = turn;
  if (calls.length > 0) return { role, content: [...blocksOf(content), ...calls.map(toolUseOf)] };
  return { role, content: typeof content === "string" ? content : blocksOf(content) };
};

/** The API takes no empty text. */
const blocksOf = (content: MessageContent): readonly JsonValue[] => {
  if (typeof content !== "string") return content.map(blockOf);
  return content === "" ? [] : [{ type: "text", text: content }];
};

/** What is not in OpenAI's words is a block already. */
const blockOf = (part: JsonValue): JsonValue => {
  if (!isJsonObject(part)) return part;
  if (part["type"] === "refusal") return { type: "text", text: part["refusal"] };
  const attachment = attachmentOf(part);
  if (attachment === undefined || attachment.kind === "audio") return part;
  const cacheControl = part["cache_control"];
  return {
    type: attachment.kind === "image" ? "image" : "document",
    source:
      "url" in attachment
        ? { type: "url", url: attachment.url }
        : { type: "base64", media_type: attachment.mimeType, data: attachment.base64 },
    ...(cacheControl !== undefined && { cache_control: cacheControl }),
  };
};

/** The API takes nothing but an object for the input of a tool. */
const toolUseOf = ({ id, name, arguments: input }: AskedCall): JsonObject => ({
  type: "tool_use",
  id,
  name,
  input: isJsonObject(input) ? input : input === "" ? {} : { arguments: input },
});
