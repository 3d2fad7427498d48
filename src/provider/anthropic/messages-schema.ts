import { isJsonObject, type JsonObject, type JsonValue } from "../../call/json.ts";

/**
 * A schema as the Messages API takes it: it refuses the bounds of numbers, texts and lists, and many another keyword, which
 * become words here. Undefined where it cannot hold an answer to the schema: open objects, tuples, and what contains itself.
 */
export const messagesSchema = (schema: JsonObject | undefined): JsonObject | undefined =>
  schema === undefined || isRecursive(schema, schema, []) ? undefined : held(schema);

const held = (schema: JsonValue | undefined): JsonObject | undefined => {
  if (!isJsonObject(schema)) return undefined;
  const kept: Record<string, JsonValue> = {};
  const said: Record<string, JsonValue> = {};
  for (const [keyword, value] of Object.entries(schema)) {
    if (value === undefined || keyword === "description") continue;
    if (isKnown(keyword, value)) kept[keyword] = value;
    else if (!holding.has(keyword)) said[keyword] = value;
  }
  for (const keyword of Object.keys(schema).filter((name) => holding.has(name))) {
    const parts = heldParts(keyword, schema[keyword]);
    if (parts === undefined) return undefined;
    kept[keyword === "oneOf" ? "anyOf" : keyword] = parts;
  }
  if (!isSayable(schema)) return undefined;
  const description = described(schema["description"], said);
  return description === undefined ? kept : { ...kept, description };
};

/** Keywords whose values are schemas. */
const holding: ReadonlySet<string> = new Set(["$defs", "allOf", "anyOf", "items", "oneOf", "properties"]);

const heldParts = (keyword: string, value: JsonValue | undefined): JsonValue | undefined => {
  if (keyword === "items") return held(value);
  if (Array.isArray(value)) {
    const parts = (value as readonly JsonValue[]).map(held);
    return parts.every((part) => part !== undefined) ? parts : undefined;
  }
  if (!isJsonObject(value)) return undefined;
  const parts: Record<string, JsonValue> = {};
  for (const [name, item] of Object.entries(value)) {
    const part = held(item);
    if (part === undefined) return undefined;
    parts[name] = part;
  }
  return parts;
};

const plain: ReadonlySet<string> = new Set([
  "$ref",
  "additionalProperties",
  "const",
  "default",
  "enum",
  "required",
  "title",
  "type",
]);

const formats: ReadonlySet<JsonValue> = new Set([
  "date",
  "date-time",
  "duration",
  "email",
  "hostname",
  "ipv4",
  "ipv6",
  "time",
  "uri",
  "uuid",
]);

const isKnown = (keyword: string, value: JsonValue): boolean => {
  if (keyword === "format") return formats.has(value);
  return keyword === "minItems" ? value === 0 || value === 1 : plain.has(keyword);
};

/** Every object is closed, and every value has a type of some kind. */
const isSayable = (schema: JsonObject): boolean => {
  if (schema["type"] === "object" && (schema["additionalProperties"] !== false || schema["properties"] === undefined))
    return false;
  if (schema["prefixItems"] !== undefined || schema["not"] !== undefined) return false;
  return ["type", "anyOf", "oneOf", "allOf", "enum", "const", "$ref"].some((keyword) => schema[keyword] !== undefined);
};

const described = (description: JsonValue | undefined, said: JsonObject): JsonValue | undefined => {
  if (Object.keys(said).length === 0) return description;
  const words = JSON.stringify(said);
  return typeof description === "string" && description !== "" ? `${description}\n\n${words}` : words;
};

const isRecursive = (value: JsonValue | undefined, root: JsonObject, within: readonly string[]): boolean => {
  if (Array.isArray(value)) return (value as readonly JsonValue[]).some((item) => isRecursive(item, root, within));
  if (!isJsonObject(value)) return false;
  const { $ref } = value;
  if (typeof $ref !== "string") return Object.values(value).some((item) => isRecursive(item, root, within));
  if ($ref === "#" || within.includes($ref)) return true;
  const [, name = ""] = /^#\/\$defs\/(.+)$/.exec($ref) ?? [];
  const { $defs } = root;
  const target = isJsonObject($defs) ? $defs[name] : undefined;
  // What cannot be found cannot be followed.
  return target === undefined || isRecursive(target, root, [...within, $ref]);
};
