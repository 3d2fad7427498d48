import type { JsonObject } from "../../call/json.ts";
import type { Usage } from "../../call/reply.ts";
import { countOf, field, objectsOf, textOf } from "../json-field.ts";
import type { ToolCall } from "../wire-format.ts";

/** Whether a body is an answer: it has candidates, or says why a prompt gets none. */
export const isGenerated = (body: JsonObject): boolean =>
  objectsOf(body["candidates"]).length > 0 || blockReason(body) !== "";

/** Why a prompt was refused; empty when it was not. */
export const blockReason = (body: JsonObject): string => textOf(field(body["promptFeedback"], "blockReason"));

/** The text of parts, without the thoughts. */
export const partsText = (parts: readonly JsonObject[]): string =>
  parts.map((part) => (part["thought"] === true ? "" : textOf(part["text"]))).join("");

/** The text of the first candidate. */
export const generatedText = (body: JsonObject): string => partsText(firstParts(body));

/** Why the first candidate ended, or why there is none, in OpenAI's words where they fit. */
export const generatedFinishReason = (body: JsonObject): string | undefined => {
  const candidate = objectsOf(body["candidates"])[0];
  if (candidate === undefined) return blockReason(body) === "" ? undefined : "content_filter";
  const reason = textOf(candidate["finishReason"]);
  if (reason === "" || reason === "FINISH_REASON_UNSPECIFIED") return undefined;
  if (reason === "STOP" && generatedToolCalls(body).length > 0) return "tool_calls";
  return finishReasons.get(reason) ?? reason;
};

const finishReasons: ReadonlyMap<string, string> = new Map([
  ["STOP", "stop"],
  // Google says STOP; some gateways in front of it say this.
  ["FUNCTION_CALL", "tool_calls"],
  ["MAX_TOKENS", "length"],
  ["SAFETY", "content_filter"],
  ["RECITATION", "content_filter"],
  ["BLOCKLIST", "content_filter"],
  ["PROHIBITED_CONTENT", "content_filter"],
  ["SPII", "content_filter"],
  ["MODEL_ARMOR", "content_filter"],
  ["IMAGE_SAFETY", "content_filter"],
  ["IMAGE_PROHIBITED_CONTENT", "content_filter"],
  ["IMAGE_RECITATION", "content_filter"],
]);

/** What an answer used: Gemini counts thoughts beside the output, and what tools of its own gave back beside the prompt. */
export const generatedUsage = (body: JsonObject): Usage | undefined => {
  const usage = body["usageMetadata"];
  const input = countOf(field(usage, "promptTokenCount"));
  const output = outputTokens(usage);
  if (input === undefined && output === undefined) return undefined;
  return {
    inputTokens: (input ?? 0) + (countOf(field(usage, "toolUsePromptTokenCount")) ?? 0),
    outputTokens: output ?? 0,
    cachedTokens: countOf(field(usage, "cachedContentTokenCount")) ?? 0,
    reasoningTokens: countOf(field(usage, "thoughtsTokenCount")) ?? 0,
  };
};

/** The output of an answer, thoughts included; `undefined` as long as neither is told. */
export const outputTokens = (usage: JsonObject[string]): number | undefined => {
  const written = countOf(field(usage, "candidatesTokenCount"));
  const thought = countOf(field(usage, "thoughtsTokenCount"));
  return written === undefined && thought === undefined ? undefined : (written ?? 0) + (thought ?? 0);
};

/** The calls of functions in the first candidate. */
export const generatedToolCalls = (body: JsonObject): readonly ToolCall[] =>
  firstParts(body)
    .map((part) => part["functionCall"])
    .filter((call) => call !== undefined)
    .map((call) => ({
      id: textOf(field(call, "id")),
      name: textOf(field(call, "name")),
      arguments: JSON.stringify(field(call, "args") ?? {}),
    }));

const firstParts = (body: JsonObject): readonly JsonObject[] =>
  objectsOf(field(objectsOf(body["candidates"])[0]?.["content"], "parts"));
