import { isJsonObject, type JsonObject, type JsonValue } from "../../call/json.ts";
import { attachmentTokens, contentTokens, structureTokens, tokensPerMessage } from "../tokens/content-tokens.ts";
import { field, itemsOf, objectsOf, textOf } from "../json-field.ts";
import type { TokenCounter } from "../tokens/estimate-tokens.ts";

/** How many tokens a Messages request has, more or less. */
export const messagesInputTokens = (body: JsonObject, count: TokenCounter): number => {
  let tokens = contentTokens(body["system"], count);
  for (const { content } of objectsOf(body["messages"])) tokens += tokensPerMessage + blocksTokens(content, count);
  return (
    tokens + structureTokens(body["tools"], count) + structureTokens(field(body["output_config"], "format"), count)
  );
};

const blocksTokens = (content: JsonValue | undefined, count: TokenCounter): number =>
  typeof content === "string"
    ? count(content)
    : itemsOf(content).reduce<number>((tokens, block) => tokens + blockTokens(block, count), 0);

const blockTokens = (block: JsonValue, count: TokenCounter): number => {
  if (!isJsonObject(block)) return 0;
  switch (textOf(block["type"])) {
    case "text":
    case "tool_result":
      return typeof block["text"] === "string" ? count(block["text"]) : blocksTokens(block["content"], count);
    case "image":
    case "document":
      return sourceTokens(block["source"], count);
    default:
      return structureTokens(block, count);
  }
};

/** A document may be plain text. */
const sourceTokens = (source: JsonValue | undefined, count: TokenCounter): number => {
  const text = field(source, "type") === "text" ? field(source, "data") : undefined;
  return typeof text === "string" ? count(text) : attachmentTokens;
};
