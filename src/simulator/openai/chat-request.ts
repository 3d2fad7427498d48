import { isJsonObject, type JsonObject, type JsonValue } from "../../call/json.ts";
import type { Asked, WantedTool } from "../dialect.ts";
import type { ErrorAnswer } from "../failure.ts";
import { contentText, digestOf, fieldOf, isCount, objectsOf, parsedObject, roughTokens } from "../request-text.ts";
import { wantedTool } from "../wanted-tool.ts";
import { vendorError } from "./error-answers.ts";
import { badCount, missing, noModel, notJson } from "./request-errors.ts";

/** What the simulator heeds of a chat completion request. */
export interface ChatRequest extends Asked {
  readonly includeUsage: boolean;
}

/** Reads a request body, or says what the vendor says about it. The path may name the model. */
export const parseChatRequest = (text: string, deployment?: string): ChatRequest | ErrorAnswer => {
  const body = parsedObject(text);
  if (body === undefined) return notJson;
  const { messages } = body;
  const model = deployment ?? body["model"];
  if (typeof model !== "string" || model === "") return noModel;
  if (messages === undefined) return missing("messages");
  if (!Array.isArray(messages) || messages.length === 0 || !messages.every(isMessage)) return badMessages;
  const maxTokens = body["max_completion_tokens"] ?? body["max_tokens"] ?? undefined;
  const choices = body["n"] ?? 1;
  if (maxTokens !== undefined && !isCount(maxTokens)) return badCount("max_tokens", maxTokens);
  if (!isCount(choices, maxChoices)) return badCount("n", choices);
  const format = body["response_format"];
  return {
    model,
    maxTokens,
    choices,
    streamed: body["stream"] === true,
    includeUsage: fieldOf(body["stream_options"], "include_usage") === true,
    wantsJson: jsonFormats.has(fieldOf(format, "type")),
    schema: fieldOf(fieldOf(format, "json_schema"), "schema"),
    tool: forcedTool(body),
    prompt: contentText(messages.findLast((message) => message["role"] === "user")?.["content"]),
    promptTokens: countPromptTokens(messages),
    digest: digestOf(messages),
  };
};

const maxChoices = 128;

const jsonFormats: ReadonlySet<JsonValue | undefined> = new Set(["json_object", "json_schema"]);

const isMessage = (value: JsonValue): value is JsonObject => isJsonObject(value) && typeof value["role"] === "string";

const forcedTool = ({ tools, tool_choice: choice }: JsonObject): WantedTool | undefined => {
  const name = fieldOf(fieldOf(choice, "function"), "name");
  if (choice !== "required" && name === undefined) return undefined;
  const known = objectsOf(tools).map(({ function: it }) => ({
    name: fieldOf(it, "name"),
    schema: fieldOf(it, "parameters"),
  }));
  return wantedTool(known, name);
};

/** The vendor's own rule of thumb, and a few tokens for the frame of each message. */
const countPromptTokens = (messages: readonly JsonObject[]): number =>
  messages.reduce((sum, message) => sum + 4 + roughTokens(contentText(message["content"])), 3);

const badMessages = vendorError(400, {
  message: "Invalid type for 'messages': expected an array of objects with minimum length 1.",
  param: "messages",
  code: "invalid_type",
});
