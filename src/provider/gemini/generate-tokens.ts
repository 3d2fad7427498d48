import { isJsonObject, type JsonObject, type JsonValue } from "../../call/json.ts";
import { structureTokens, attachmentTokens, tokensPerMessage } from "../tokens/content-tokens.ts";
import { field, objectsOf } from "../json-field.ts";
import type { TokenCounter } from "../tokens/estimate-tokens.ts";

/** How many tokens a generateContent request has, more or less. What it holds in a cache of its own is not known here. */
export const generateInputTokens = (body: JsonObject, count: TokenCounter): number => {
  let tokens = partsTokens(field(body["systemInstruction"] ?? body["system_instruction"], "parts"), count);
  for (const { parts } of objectsOf(body["contents"])) tokens += tokensPerMessage + partsTokens(parts, count);
  const config = body["generationConfig"];
  const schema = field(config, "responseJsonSchema") ?? field(config, "responseSchema");
  return tokens + structureTokens(body["tools"], count) + structureTokens(schema, count);
};

/** The API also takes a single part where a list belongs. */
const partsTokens = (parts: JsonValue | undefined, count: TokenCounter): number =>
  (isJsonObject(parts) ? [parts] : objectsOf(parts)).reduce((tokens, part) => tokens + partTokens(part, count), 0);

const partTokens = (part: JsonObject, count: TokenCounter): number => {
  const { text, inlineData, fileData, inline_data: inline, file_data: file } = part;
  if (typeof text === "string") return count(text);
  return (inlineData ?? fileData ?? inline ?? file) === undefined ? structureTokens(part, count) : attachmentTokens;
};
