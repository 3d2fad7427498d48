import { hash } from "node:crypto";
import { isJsonObject, type JsonObject, type JsonValue } from "../call/json.ts";

/** The object that a body is; undefined when it is none. */
export const parsedObject = (text: string): JsonObject | undefined => {
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
};

/** The SHA-1 of a JSON value, 12 hexadecimal digits. */
export const digestOf = (value: JsonValue): string => hash("sha1", JSON.stringify(value)).slice(0, 12);

/** The vendors' own rule of thumb: four bytes a token. */
export const roughTokens = (text: string): number => Math.ceil(Buffer.byteLength(text) / 4);

/** The text of a message's content, which is a string or a list of parts. */
export const contentText = (content: JsonValue | undefined): string => {
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return "";
  return content
    .map((part: JsonValue) => (isJsonObject(part) && typeof part["text"] === "string" ? part["text"] : ""))
    .join("\n");
};

/** The objects of a list; none where there is no list. */
export const objectsOf = (value: JsonValue | undefined): readonly JsonObject[] =>
  Array.isArray(value) ? value.filter((item) => isJsonObject(item)) : [];

/** A field of what may be an object. */
export const fieldOf = (value: JsonValue | undefined, name: string): JsonValue | undefined =>
  isJsonObject(value) ? value[name] : undefined;

/** Whether a number is a whole one from 1 on. */
export const isCount = (value: JsonValue | undefined, most: number = Infinity): value is number =>
  typeof value === "number" && Number.isInteger(value) && value >= 1 && value <= most;
