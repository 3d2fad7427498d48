import { isJsonObject, type JsonObject, type JsonValue } from "../../call/json.ts";

/** What one side said. */
export interface Turn {
  readonly role: string;
  readonly text: string;
}

/** What a request asks, as a conversation; whatever its format, nothing when it is none. */
export const requestTurns = (body: JsonObject): readonly Turn[] => {
  const { system, instructions, systemInstruction, messages, input, contents, prompt } = body;
  return [
    ...turn("system", system ?? instructions ?? systemInstruction),
    ...spoken(messages ?? contents),
    ...(Array.isArray(input) && input.some(isJsonObject) ? spoken(input) : turn("user", input)),
    ...turn("user", prompt),
  ].filter(({ text }) => text !== "");
};

const turn = (role: string, value: JsonValue | undefined): readonly Turn[] =>
  value === undefined || value === null ? [] : [{ role, text: textOf(value) }];

const spoken = (messages: JsonValue | undefined): readonly Turn[] =>
  Array.isArray(messages) ? messages.filter(isJsonObject).map(messageTurn) : [];

const messageTurn = (message: JsonObject): Turn => {
  const { role, type, content, parts } = message;
  const said = content ?? parts;
  const name = typeof role === "string" ? role : typeof type === "string" ? type : "?";
  return { role: name, text: said === undefined || said === null ? JSON.stringify(message) : textOf(said) };
};

/** Texts as they are, and of anything else what it is. */
const textOf = (value: JsonValue): string => {
  if (typeof value === "string") return value;
  if (Array.isArray(value)) return value.map(textOf).join("\n");
  if (!isJsonObject(value)) return JSON.stringify(value);
  const { text, parts, type } = value;
  if (typeof text === "string") return text;
  if (parts !== undefined) return textOf(parts);
  return type === "image_url" || type === "input_image" || type === "image" ? `[${type}]` : JSON.stringify(value);
};
