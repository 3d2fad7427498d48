import type { JsonObject, JsonValue } from "../../call/json.ts";
import { isJsonObject } from "../../call/json.ts";
import { createRedactor } from "../../provider/redact.ts";

/** A command line without what looks like a secret: whoever reads the run's folder reads it. */
export const maskedWords = (words: readonly string[]): readonly string[] => words.map(masked);

/** The same of parameters of the request, by their names and their looks. */
export const maskedParams = (params: JsonObject): JsonObject =>
  Object.fromEntries(
    Object.entries(params).map(([name, value]) => [name, secretName.test(name) ? mask : maskedValue(value ?? null)]),
  );

const maskedValue = (value: JsonValue): JsonValue => {
  if (typeof value === "string") return masked(value);
  if (Array.isArray(value)) return value.map(maskedValue);
  return isJsonObject(value) ? maskedParams(value) : value;
};

const secretName = /^(?:(?:x-)?(?:api|access|secret|auth)[-_]?(?:key|token)|password|secret|authorization)$/i;

const { text: withoutKeys } = createRedactor();

const masked = (word: string): string =>
  withoutKeys(
    word.replace(credentials, `$<scheme>${mask}@`).replace(secretField, (_match, name: string) => `${name}${mask}`),
  );

/** What stands for a secret. */
export const mask = "…";

/** `https://user:password@host` */
const credentials = /(?<scheme>\b[a-z][a-z0-9+.-]*:\/\/)[^/?#\s@]+@/gi;

/** A field whose name says what it holds: `?key=…` of an address, `api_key=…`. */
const secretField =
  /([?&](?:key|token|sig|signature)=|\b(?:x-)?(?:api|access|secret|auth)[-_]?(?:key|token)=|\b(?:password|secret|authorization)=)[^\s"&#]+/gi;
