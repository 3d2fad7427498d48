import { isJsonObject, type JsonObject, type JsonValue } from "../../call/json.ts";
import type { Asked, Inquiry, WantedTool } from "../dialect.ts";
import { type ErrorAnswer, jsonAnswer } from "../failure.ts";
import { contentText, digestOf, fieldOf, objectsOf, parsedObject, roughTokens } from "../request-text.ts";
import { wantedTool } from "../wanted-tool.ts";
import { invalidRequest } from "./anthropic-errors.ts";

/** Reads a request body, or says what the vendor says about it. */
export const parseMessagesRequest = (inquiry: Inquiry): Asked | ErrorAnswer => {
  const body = parsedObject(inquiry.body);
  const complaint = complaintAbout(body, inquiry) ?? complaintAboutTokens(body);
  if (body === undefined || complaint !== undefined) return invalidRequest(complaint ?? notJson, inquiry.requestId);
  const { model, max_tokens: maxTokens, stream } = body;
  const messages = objectsOf(body["messages"]);
  const format = fieldOf(body["output_config"], "format") ?? body["output_format"];
  return {
    model: typeof model === "string" ? model : "",
    maxTokens: typeof maxTokens === "number" ? maxTokens : undefined,
    choices: 1,
    streamed: stream === true,
    wantsJson: fieldOf(format, "type") === "json_schema",
    schema: fieldOf(format, "schema"),
    tool: forcedTool(body),
    prompt: contentText(messages.findLast(({ role }) => role === "user")?.["content"]),
    promptTokens: countPrompt(body),
    digest: digestOf(messages),
  };
};

/** Counts the input tokens of a request that needs no bound on its answer. */
export const countMessageTokens = (inquiry: Inquiry): ErrorAnswer => {
  const body = parsedObject(inquiry.body);
  const complaint = complaintAbout(body, inquiry);
  if (body === undefined || complaint !== undefined) return invalidRequest(complaint ?? notJson, inquiry.requestId);
  return jsonAnswer(200, { input_tokens: countPrompt(body) });
};

const notJson = "The request body is not valid JSON";

/** The version that took the sampling options away. */
const withoutSampling = "2026-10-21";

const complaintAbout = (body: JsonObject | undefined, { request }: Inquiry): string | undefined => {
  if (body === undefined) return notJson;
  const version = request.headers["anthropic-version"];
  if (version === undefined) return "anthropic-version: header is required";
  if (version === withoutSampling) {
    const refused = ["temperature", "top_p", "top_k"].find((name) => body[name] !== undefined);
    if (refused !== undefined) return `${refused}: Extra inputs are not permitted`;
  }
  const { model, messages } = body;
  if (typeof model !== "string" || model === "") return "model: Field required";
  if (messages === undefined) return "messages: Field required";
  if (!Array.isArray(messages)) return "messages: Input should be a valid list";
  if (messages.length === 0) return "messages: at least one message is required";
  const wrong = messages.findIndex((message: JsonValue) => !isMessage(message));
  return wrong === -1 ? undefined : `messages.${wrong}.role: Input should be 'user' or 'assistant'`;
};

const complaintAboutTokens = (body: JsonObject | undefined): string | undefined => {
  const bound = body?.["max_tokens"];
  if (bound === undefined) return "max_tokens: Field required";
  return typeof bound === "number" && Number.isInteger(bound) && bound >= 0
    ? undefined
    : "max_tokens: Input should be a valid integer, greater than or equal to 0";
};

const roles: ReadonlySet<JsonValue | undefined> = new Set(["user", "assistant", "system"]);

const isMessage = (value: JsonValue): boolean => isJsonObject(value) && roles.has(value["role"]);

const countPrompt = ({ system, messages, tools }: JsonObject): number =>
  objectsOf(messages).reduce(
    (sum, { content }) => sum + 4 + roughTokens(contentText(content)),
    3 + roughTokens(contentText(system)) + (tools === undefined ? 0 : roughTokens(JSON.stringify(tools))),
  );

const forcedTool = ({ tools, tool_choice: choice }: JsonObject): WantedTool | undefined => {
  const type = fieldOf(choice, "type");
  if (type !== "any" && type !== "tool") return undefined;
  const known = objectsOf(tools).map(({ name, input_schema: schema }) => ({ name, schema }));
  return wantedTool(known, type === "tool" ? fieldOf(choice, "name") : undefined);
};
