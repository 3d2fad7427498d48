import type { ChatInput } from "../../call/chat-input.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../../call/json.ts";
import type { AnswerSchema } from "../../call/standard-schema.ts";
import { systemText } from "../answer-instruction.ts";
import { isStrict } from "../strict-schema.ts";

/** The body of a request for a response. What the API has no field for, such as `stop`, is sent all the same: better refused than dropped. */
export const encodeResponses = (input: ChatInput, model: string): JsonObject => ({
  model,
  input: inputItems(input),
  ...instructionsOf(input),
  ...(input.temperature !== undefined && { temperature: input.temperature }),
  ...(input.topP !== undefined && { top_p: input.topP }),
  ...(input.maxOutputTokens !== undefined && { max_output_tokens: input.maxOutputTokens }),
  ...(input.stop !== undefined && { stop: input.stop }),
  ...(input.seed !== undefined && { seed: input.seed }),
  ...(input.answer !== undefined && { text: { format: textFormat(input.answer) } }),
  ...input.params,
});

const instructionsOf = (input: ChatInput): JsonObject => {
  const instructions = systemText(input, true);
  return instructions === undefined ? {} : { instructions };
};

const textFormat = ({ name, schema }: AnswerSchema): JsonObject =>
  schema === undefined ? { type: "json_object" } : { type: "json_schema", name, schema, strict: isStrict(schema) };

const inputItems = ({ messages = [], prompt }: ChatInput): readonly JsonObject[] => [
  ...(messages as readonly JsonObject[]).flatMap(itemsOf),
  ...(prompt === undefined ? [] : [{ role: "user", content: prompt }]),
];

/** What has a type is an item of the API's own already. */
const itemsOf = (message: JsonObject): readonly JsonObject[] => {
  const { type, role, content } = message;
  if (typeof type === "string") return [message];
  if (role === "tool") return [toolOutput(message)];
  if (role === "assistant") return assistantItems(message);
  return [{ role, content: parts(content, inputPart) }];
};

const toolOutput = ({ tool_call_id, content }: JsonObject): JsonObject => ({
  type: "function_call_output",
  call_id: tool_call_id,
  output: parts(content, inputPart),
});

const assistantItems = ({ content, refusal, tool_calls }: JsonObject): readonly JsonObject[] => {
  const said = typeof refusal === "string" && refusal !== "" ? [{ type: "refusal", refusal }] : content;
  const silent = said === undefined || said === null || said === "";
  const calls = Array.isArray(tool_calls) ? (tool_calls as readonly JsonValue[]).filter(isJsonObject) : [];
  return [
    ...(silent ? [] : [{ role: "assistant", content: parts(said, outputPart) }]),
    ...calls.map((call) => callItem(call)),
  ];
};

const callItem = ({ id, function: asked, custom }: JsonObject): JsonObject => {
  if (isJsonObject(custom)) {
    return { type: "custom_tool_call", call_id: id, name: custom["name"], input: custom["input"] };
  }
  const { name, arguments: given }: JsonObject = isJsonObject(asked) ? asked : {};
  return { type: "function_call", call_id: id, name, arguments: given };
};

const parts = (content: JsonValue | undefined, part: (part: JsonObject) => JsonObject): JsonValue | undefined =>
  Array.isArray(content)
    ? (content as readonly JsonValue[]).map((piece) => (isJsonObject(piece) ? part(piece) : piece))
    : content;

const outputPart = (part: JsonObject): JsonObject =>
  part["type"] === "text" ? { type: "output_text", text: part["text"], annotations: [] } : part;

const inputPart = (part: JsonObject): JsonObject => {
  const { type, text, image_url: image, file } = part;
  if (type === "text") return { type: "input_text", text };
  if (type === "file" && isJsonObject(file)) return { type: "input_file", ...file };
  if (type !== "image_url") return part;
  const { url, detail = "auto" }: JsonObject = isJsonObject(image) ? image : { url: image };
  return { type: "input_image", image_url: url, detail };
};
