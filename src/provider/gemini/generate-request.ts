import type { ChatInput } from "../../call/chat-input.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../../call/json.ts";
import { withSystem } from "../answer-instruction.ts";
import { attachmentOf, type AttachmentSource } from "../attachment.ts";
import { type AskedCall, conversationOf, type MessageContent, type ToolResult, type Turn } from "../conversation.ts";
import { parsedJson } from "../parsed-json.ts";

/** The body of a generateContent request; what `params` say of its `generationConfig` is added to ours, and wins. */
export const encodeGenerate = (input: ChatInput, model: string): JsonObject => {
  const { system, turns } = conversationOf(withSystem(input, true));
  const { generationConfig: given, ...params } = input.params ?? {};
  const config = isJsonObject(given) || given === undefined ? { ...configOf(input), ...given } : given;
  return {
    model,
    ...(system.length > 0 && { systemInstruction: { parts: system.flatMap(partsOf) } }),
    contents: turns.map(contentOf),
    ...((!isJsonObject(config) || Object.keys(config).length > 0) && { generationConfig: config }),
    ...params,
  };
};

const configOf = ({ temperature, topP, maxOutputTokens, stop, seed, answer }: ChatInput): JsonObject => ({
  ...(temperature !== undefined && { temperature }),
  ...(topP !== undefined && { topP }),
  ...(maxOutputTokens !== undefined && { maxOutputTokens }),
  ...(stop !== undefined && { stopSequences: typeof stop === "string" ? [stop] : stop }),
  ...(seed !== undefined && { seed }),
  ...(answer !== undefined && { responseMimeType: "application/json" }),
  ...(answer?.schema !== undefined && { responseJsonSchema: answer.schema }),
});

/** A message that has `parts` is in the API's own words. */
const contentOf = (turn: Turn): JsonObject => {
  if ("results" in turn) return { role: "user", parts: turn.results.map(functionResponseOf) };
  const { role, content, calls, message } = turn;
  if (Array.isArray(message["parts"])) return message;
  return { role: role === "assistant" ? "model" : role, parts: [...partsOf(content), ...calls.map(functionCallOf)] };
};

const partsOf = (content: MessageContent): readonly JsonValue[] => {
  if (typeof content !== "string") return content.map(partOf);
  return content === "" ? [] : [{ text: content }];
};

/** What is not in OpenAI's words is one of the API's parts already. */
const partOf = (part: JsonValue): JsonValue => {
  if (typeof part === "string") return { text: part };
  if (!isJsonObject(part)) return part;
  if (part["type"] === "text") return { text: part["text"] };
  if (part["type"] === "refusal") return { text: part["refusal"] };
  const attachment = attachmentOf(part);
  return attachment === undefined ? part : sourceOf(attachment);
};

const sourceOf = (source: AttachmentSource): JsonObject => {
  if ("base64" in source) return { inlineData: { mimeType: source.mimeType, data: source.base64 } };
  const mimeType = mimeTypeOf(source.url);
  return { fileData: { ...(mimeType !== undefined && { mimeType }), fileUri: source.url } };
};

/** An address does not say what is there; its ending often does. */
const mimeTypeOf = (url: string): string | undefined => {
  const ending = /\.(jpe?g|png|webp|gif|heic|heif|pdf)(?:[?#]|$)/i.exec(url)?.[1]?.toLowerCase();
  if (ending === undefined) return undefined;
  return ending === "pdf" ? "application/pdf" : `image/${ending === "jpg" ? "jpeg" : ending}`;
};

const functionCallOf = ({ id, name, arguments: args, thoughtSignature }: AskedCall): JsonObject => ({
  functionCall: {
    ...(id !== "" && { id }),
    name,
    args: isJsonObject(args) ? args : args === "" ? {} : { value: args },
  },
  ...(thoughtSignature !== "" && { thoughtSignature }),
});

/** The API takes nothing but an object. */
const functionResponseOf = ({ id, name, content }: ToolResult): JsonObject => {
  const value = typeof content === "string" ? parsedJson(content) : undefined;
  const response = isJsonObject(value) ? value : { result: typeof content === "string" ? content : texts(content) };
  return { functionResponse: { ...(id !== "" && { id }), name, response } };
};

/** Parts of nothing but text are the text. */
const texts = (content: readonly JsonValue[]): JsonValue => {
  let text = "";
  for (const part of content) {
    if (!isJsonObject(part) || typeof part["text"] !== "string") return content;
    text += part["text"];
  }
  return text;
};
