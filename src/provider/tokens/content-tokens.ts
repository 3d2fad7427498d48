import { isJsonObject, type JsonValue } from "../../call/json.ts";
import type { TokenCounter } from "./estimate-tokens.ts";

/** What a chat takes for each message besides its text: three marks, and its role. */
export const tokensPerMessage = 4;

/** What a chat takes once, to begin the answer. */
export const tokensOfAnswerStart = 3;

/** What an image, a sound or a file takes, roughly: the size of its encoding says nothing of it. */
export const attachmentTokens = 1000;

const smallImageTokens = 85;

/** What an image takes that is asked for in this detail. */
const imageTokens = (detail?: JsonValue): number => (detail === "low" ? smallImageTokens : attachmentTokens);

/** The tokens of the content of a message: a text, or parts, which may hold contents themselves. */
export const contentTokens = (content: JsonValue | undefined, count: TokenCounter): number => {
  if (typeof content === "string") return count(content);
  if (!Array.isArray(content)) return 0;
  let tokens = 0;
  for (const part of content as readonly JsonValue[]) tokens += partTokens(part, count);
  return tokens;
};

/** The tokens of what is sent as JSON: tools, schemas, arguments. */
export const structureTokens = (value: JsonValue | undefined, count: TokenCounter): number =>
  value === undefined || value === null ? 0 : count(JSON.stringify(value));

const partTokens = (part: JsonValue, count: TokenCounter): number => {
  if (typeof part === "string") return count(part);
  if (!isJsonObject(part)) return 0;
  const text = part["text"] ?? part["refusal"];
  if (typeof text === "string") return count(text);
  if (part["content"] !== undefined) return contentTokens(part["content"], count);
  const image = part["image_url"];
  return imageTokens(isJsonObject(image) ? image["detail"] : part["detail"]);
};
