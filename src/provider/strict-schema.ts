import { isJsonObject, type JsonObject, type JsonValue } from "../call/json.ts";

/** Whether OpenAI's strict mode takes a schema: every object is closed, and all its properties are required. */
export const isStrict = (schema: JsonValue | undefined): boolean => {
  if (Array.isArray(schema)) return (schema as readonly JsonValue[]).every(isStrict);
  if (!isJsonObject(schema)) return true;
  if (schema["type"] === "object" && !isClosedObject(schema)) return false;
  return Object.values(schema).every(isStrict);
};

const isClosedObject = ({ properties, required, additionalProperties }: JsonObject): boolean => {
  if (additionalProperties !== false || !isJsonObject(properties)) return false;
  const names: readonly JsonValue[] = Array.isArray(required) ? required : [];
  return Object.keys(properties).every((name) => names.includes(name));
};
