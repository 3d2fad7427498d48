import type { JsonObject, JsonValue } from "../../call/json.ts";
import type { Asked, Inquiry, WantedTool } from "../dialect.ts";
import { type ErrorAnswer, jsonAnswer } from "../failure.ts";
import { contentText, digestOf, fieldOf, isCount, objectsOf, parsedObject, roughTokens } from "../request-text.ts";
import { wantedTool } from "../wanted-tool.ts";
import { badCount, missing, noModel, notJson } from "./request-errors.ts";

/** Reads a request body, or says what the vendor says about it. */
export const parseResponsesRequest = ({ body: text }: Inquiry): Asked | ErrorAnswer => {
  const body = parsedObject(text);
  if (body === undefined) return notJson;
  const { model, input, max_output_tokens: bound } = body;
  if (typeof model !== "string" || model === "") return noModel;
  if (typeof input !== "string" && !Array.isArray(input)) return missing("input");
  const maxTokens = bound ?? undefined;
  if (maxTokens !== undefined && !isCount(maxTokens)) return badCount("max_output_tokens", maxTokens);
  const format = fieldOf(body["text"], "format");
  return {
    model,
    maxTokens,
    choices: 1,
    streamed: body["stream"] === true,
    wantsJson: jsonFormats.has(fieldOf(format, "type")),
    schema: fieldOf(format, "schema"),
    tool: forcedTool(body),
    prompt: promptOf(input),
    promptTokens: countPrompt(body),
    digest: digestOf(input),
  };
};

/** Counts the input tokens of a request without an answer. */
export const countInputTokens = ({ body: text }: Inquiry): ErrorAnswer => {
  const body = parsedObject(text);
  if (body === undefined) return notJson;
  return jsonAnswer(200, { object: "response.input_tokens", input_tokens: countPrompt(body) });
};

const jsonFormats: ReadonlySet<JsonValue | undefined> = new Set(["json_object", "json_schema"]);

const promptOf = (input: string | readonly JsonValue[]): string =>
  typeof input === "string"
    ? input
    : contentText(objectsOf(input).findLast(({ role }) => role === "user")?.["content"]);

const countPrompt = ({ input, instructions }: JsonObject): number => {
  const items = typeof input === "string" ? [{ content: input }] : objectsOf(input);
  return items.reduce((sum, { content }) => sum + 4 + roughTokens(contentText(content)), 3 + textCount(instructions));
};

const textCount = (text: JsonValue | undefined): number => (typeof text === "string" ? 4 + roughTokens(text) : 0);

const forcedTool = ({ tools, tool_choice: choice }: JsonObject): WantedTool | undefined => {
  const name = fieldOf(choice, "name");
  if (choice !== "required" && name === undefined) return undefined;
  return wantedTool(
    objectsOf(tools)
      .filter(({ type }) => type === "function")
      .map((tool) => ({ name: tool["name"], schema: tool["parameters"] })),
    name,
  );
};
