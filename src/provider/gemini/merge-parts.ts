import { isJsonObject, type JsonObject, type JsonValue } from "../../call/json.ts";
import { itemsOf, textOf } from "../json-field.ts";

/** An object under construction. */
export type Draft = Record<string, JsonValue | undefined>;

/**
 * Adds a part to those before it: text goes on where it is of the same kind. A part with a signature stays as it is, for
 * the API wants it back as it was.
 *
 * @returns how many characters it added.
 */
export const addPart = (parts: Draft[], part: JsonObject): number => {
  const last = parts.at(-1);
  if (isEmpty(part)) return 0;
  if (last !== undefined && isPlainText(last) && isPlainText(part) && last["thought"] === part["thought"]) {
    last["text"] = textOf(last["text"]) + textOf(part["text"]);
  } else {
    parts.push({ ...part });
  }
  return typeof part["text"] === "string" && isPlainText(part) ? part["text"].length : JSON.stringify(part).length;
};

/** The last chunk often holds a text of nothing. */
const isEmpty = (part: JsonObject): boolean => part["text"] === "" && isPlainText(part);

const isPlainText = (part: JsonObject): boolean =>
  typeof part["text"] === "string" && Object.keys(part).every((name) => name === "text" || name === "thought");

/** Fields of which each chunk tells its own part. */
const continued: ReadonlySet<string> = new Set(["citationMetadata", "logprobsResult"]);

/** Takes over what a chunk says beside its parts: the last word counts, but for lists that go on. */
export const mergeFields = (draft: Draft, fields: JsonObject): void => {
  for (const name in fields) {
    const value = fields[name];
    const before = draft[name];
    if (value === null || value === undefined) continue;
    if (!isJsonObject(value) || !isJsonObject(before)) draft[name] = value;
    else draft[name] = continued.has(name) ? extended(before, value) : { ...before, ...value };
  }
};

const extended = (before: JsonObject, after: JsonObject): JsonObject => {
  const draft: Draft = { ...before };
  for (const name in after) {
    const value = after[name];
    draft[name] = Array.isArray(value) ? [...itemsOf(before[name]), ...(value as readonly JsonValue[])] : value;
  }
  return draft;
};
