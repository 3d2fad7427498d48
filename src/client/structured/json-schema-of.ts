import { isJsonObject, type JsonObject, type JsonValue } from "../../call/json.ts";
import type { StandardSchema } from "../../call/standard-schema.ts";

/**
 * The JSON Schema of a schema, where its library can tell: by the Standard JSON Schema interface (Zod 4.2 and later), or by
 * ArkType's `toJsonSchema()`.
 */
export const jsonSchemaOf = (schema: StandardSchema): JsonObject | undefined => {
  const { jsonSchema } = schema["~standard"];
  const found = attempt(() => jsonSchema?.input({ target: "draft-2020-12" })) ?? attempt(() => ownMethod(schema));
  if (!isJsonObject(found)) return undefined;
  const { $schema: _, ...plain } = found;
  return closed(plain);
};

/** A library may have types that JSON Schema has not, and throws then. */
const attempt = (give: () => unknown): unknown => {
  try {
    return give();
  } catch {
    return undefined;
  }
};

const ownMethod = (schema: unknown): unknown => {
  const method = (schema as { readonly toJsonSchema?: unknown }).toJsonSchema;
  return typeof method === "function" ? (method.call(schema) as unknown) : undefined;
};

/** What is not named is not asked for: providers that hold answers to a schema want every object closed. */
const closed = (schema: JsonObject): JsonObject => {
  const copy: Record<string, JsonValue | undefined> = {};
  for (const [name, value] of Object.entries(schema))
    copy[wordOf(name, schema)] = isSchemaList(name, value) ? value.map(closedValue) : closedIn(name, value);
  if (copy["type"] === "object" && copy["properties"] !== undefined) copy["additionalProperties"] ??= false;
  return copy;
};

/** Providers know `anyOf` and refuse `oneOf`; the caller's schema looks at the answer anyway. */
const wordOf = (name: string, schema: JsonObject): string =>
  name === "oneOf" && schema["anyOf"] === undefined ? "anyOf" : name;

const isSchemaList = (name: string, value: JsonValue | undefined): value is readonly JsonValue[] =>
  Array.isArray(value) && (name === "anyOf" || name === "oneOf" || name === "allOf" || name === "prefixItems");

const closedIn = (name: string, value: JsonValue | undefined): JsonValue | undefined => {
  if (!isJsonObject(value)) return value;
  if (name === "properties" || name === "$defs" || name === "definitions" || name === "patternProperties")
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, closedValue(item)]));
  return name === "items" || name === "not" ? closed(value) : value;
};

const closedValue = <T extends JsonValue | undefined>(value: T): T | JsonObject =>
  isJsonObject(value) ? closed(value) : value;
