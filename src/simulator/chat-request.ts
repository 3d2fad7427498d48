import { hash } from "node:crypto";
import { isJsonObject, type JsonObject, type JsonValue } from "../call/json.ts";
import { type ErrorAnswer, vendorError } from "./error-answers.ts";

/** What the simulator heeds of a chat completion request. */
export interface ChatRequest {
  readonly model: string;
  readonly streamed: boolean;
  readonly includeUsage: boolean;
  readonly wantsJson: boolean;
  readonly maxTokens: number | undefined;
  readonly choices: number;
  /** The text of the last user message. */
  readonly prompt: string;
  readonly promptTokens: number;
  /** The messages' SHA-1, 12 hexadecimal digits: the same messages have the same digest. */
  readonly digest: string;
}

/** Reads a request body, or says what the vendor says about it. */
export const parseChatRequest = (text: string): ChatRequest | ErrorAnswer => {
  const body = parsedObject(text);
  if (body === undefined) return notJson;
  const { model, messages } = body;
  if (typeof model !== "string" || model === "") return noModel;
  if (messages === undefined) return noMessages;
  if (!Array.isArray(messages) || messages.length === 0 || !messages.every(isMessage)) return badMessages;
  const maxTokens = body["max_completion_tokens"] ?? body["max_tokens"] ?? undefined;
  const choices = body["n"] ?? 1;
  if (maxTokens !== undefined && !isCount(maxTokens, Infinity)) return badCount("max_tokens", maxTokens);
  if (!isCount(choices, maxChoices)) return badCount("n", choices);
  return {
    model,
    maxTokens,
    choices,
    streamed: body["stream"] === true,
    includeUsage: isJsonObject(body["stream_options"]) && body["stream_options"]["include_usage"] === true,
    wantsJson: asksForJson(body["response_format"]),
    prompt: lastPrompt(messages),
    promptTokens: countPromptTokens(messages),
    digest: hash("sha1", JSON.stringify(messages)).slice(0, 12),
  };
};

const maxChoices = 128;

const parsedObject = (text: string): JsonObject | undefined => {
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
};

const isMessage = (value: JsonValue): value is JsonObject => isJsonObject(value) && typeof value["role"] === "string";

const isCount = (value: JsonValue, most: number): value is number =>
  typeof value === "number" && Number.isInteger(value) && value >= 1 && value <= most;

const asksForJson = (format: JsonValue | undefined): boolean =>
  isJsonObject(format) && (format["type"] === "json_object" || format["type"] === "json_schema");

const lastPrompt = (messages: readonly JsonObject[]): string =>
  contentText(messages.findLast((message) => message["role"] === "user")?.["content"]);

/** The vendor's own rule of thumb: four bytes a token, and a few for the frame of each message. */
const countPromptTokens = (messages: readonly JsonObject[]): number => {
  let tokens = 3;
  for (const message of messages) tokens += 4 + Math.ceil(Buffer.byteLength(contentText(message["content"])) / 4);
  return tokens;
};

const contentText = (content: JsonValue | undefined): string => {
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return "";
  return content
    .map((part: JsonValue) => (isJsonObject(part) && typeof part["text"] === "string" ? part["text"] : ""))
    .join("\n");
};

const notJson = vendorError(400, {
  message:
    "We could not parse the JSON body of your request. (HINT: This likely means you aren't using your HTTP library correctly. The OpenAI API expects a JSON payload, but what was sent was not valid JSON. If you have trouble figuring out how to fix this, please contact us through our help center at help.openai.com.)",
});
const noModel = vendorError(400, { message: "you must provide a model parameter" });
const noMessages = vendorError(400, {
  message: "Missing required parameter: 'messages'.",
  param: "messages",
  code: "missing_required_parameter",
});
const badMessages = vendorError(400, {
  message: "Invalid type for 'messages': expected an array of objects with minimum length 1.",
  param: "messages",
  code: "invalid_type",
});

const badCount = (param: string, value: JsonValue): ErrorAnswer =>
  vendorError(400, {
    message: `Invalid '${param}': expected an integer of at least 1, but got ${JSON.stringify(value)} instead.`,
    param,
    code: "invalid_value",
  });
