import { isJsonObject, type JsonObject, type JsonValue } from "../../call/json.ts";
import { UsageError } from "../usage-error.ts";

/** Reads `key=value` settings of the request body; `a.b=1` nests, and a value that is not JSON is a string. @throws UsageError */
export const parseParams = (settings: readonly string[]): JsonObject =>
  settings.reduce<JsonObject>((params, setting) => {
    const equals = setting.indexOf("=");
    const path = setting.slice(0, Math.max(0, equals)).trim().split(".");
    if (path.some((key) => key === "")) {
      throw new UsageError(
        `-P must be key=value, such as -P temperature=0 or -P a.b=1, got ${JSON.stringify(setting)}`,
      );
    }
    return withValue(params, path, jsonOrText(setting.slice(equals + 1)), setting);
  }, {});

/** Copies with a computed key, so that a key called `__proto__` is a key like any other. */
const withValue = (target: JsonObject, path: readonly string[], value: JsonValue, setting: string): JsonObject => {
  const [key = "", ...rest] = path;
  if (rest.length === 0) return { ...target, [key]: value };
  const inner = Object.hasOwn(target, key) ? target[key] : {};
  if (!isJsonObject(inner)) {
    throw new UsageError(`-P ${setting} sets a part of ${key}, which another -P has made a plain value`);
  }
  return { ...target, [key]: withValue(inner, rest, value, setting) };
};

const jsonOrText = (text: string): JsonValue => {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return text;
  }
};
