import { isJsonObject, type JsonObject, type JsonValue } from "../call/json.ts";

/**
 * Whether OpenAI's strict mode takes a schema: every object is closed, all its properties are required, and nothing is
 * said that the mode does not know. It refuses any other one; without the mode every schema is taken.
 */
export const isStrict = (schema: JsonValue | undefined): boolean => {
  if (!isJsonObject(schema)) return false;
  if (Object.keys(schema).some((keyword) => unknown.has(keyword)) || !knowsText(schema)) return false;
  if (!Object.values(partsOf(schema["$defs"])).every(isStrict)) return false;
  const { type, anyOf, $ref } = schema;
  if ($ref !== undefined) return true;
  if (Array.isArray(anyOf)) return (anyOf as readonly JsonValue[]).every(isStrict);
  if (type === "object") return isClosedObject(schema) && Object.values(partsOf(schema["properties"])).every(isStrict);
  if (type === "array") return isStrict(schema["items"]);
  return type !== undefined || schema["enum"] !== undefined || schema["const"] !== undefined;
};

/** Keywords that the mode refuses. */
const unknown: ReadonlySet<string> = new Set([
  "allOf",
  "contains",
  "default",
  "dependentRequired",
  "dependentSchemas",
  "else",
  "if",
  "not",
  "oneOf",
  "patternProperties",
  "prefixItems",
  "propertyNames",
  "then",
  "unevaluatedItems",
  "unevaluatedProperties",
  "uniqueItems",
]);

const formats: ReadonlySet<JsonValue | undefined> = new Set([
  undefined,
  "date",
  "date-time",
  "duration",
  "email",
  "hostname",
  "ipv4",
  "ipv6",
  "time",
  "uuid",
]);

/** A pattern must not look around. */
const knowsText = ({ format, pattern }: JsonObject): boolean =>
  formats.has(format) && !(typeof pattern === "string" && /\(\?<?[=!]/.test(pattern));

const partsOf = (schemas: JsonValue | undefined): JsonObject => (isJsonObject(schemas) ? schemas : {});

const isClosedObject = ({ properties, required, additionalProperties }: JsonObject): boolean => {
  if (additionalProperties !== false || !isJsonObject(properties)) return false;
  const names: readonly JsonValue[] = Array.isArray(required) ? required : [];
  return Object.keys(properties).every((name) => names.includes(name));
};
