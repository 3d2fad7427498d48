import { CallError } from "../../call/call-error.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../../call/json.ts";
import type { AnswerSchema, StandardSchema } from "../../call/standard-schema.ts";
import { jsonSchemaOf } from "./json-schema-of.ts";

/** What a provider is asked for. */
export interface AskedAnswer extends AnswerSchema {
  /** Whether the answer stands in the field `answer` of an object: many providers give nothing but objects. */
  readonly wrapped: boolean;
}

/**
 * How a schema is asked for.
 *
 * @param given its JSON Schema, where the caller gives it.
 * @throws CallError `invalid_request` when it is no schema.
 */
export const answerSchema = (schema: StandardSchema, given: JsonObject | undefined): AskedAnswer => {
  checkSchema(schema);
  const source = given ?? schema;
  const known = asked.get(source);
  if (known !== undefined) return known;
  const found = askedAs(given ?? jsonSchemaOf(schema));
  asked.set(source, found);
  return found;
};

/** The calls of many share one schema, and a large one takes its time. */
const asked = new WeakMap<object, AskedAnswer>();

const askedAs = (schema: JsonObject | undefined): AskedAnswer => {
  if (schema === undefined) return { name: "answer", wrapped: false };
  if (schema["type"] === "object") return { name: "answer", schema, wrapped: false };
  return { name: "answer", schema: wrapping(schema), wrapped: true };
};

/** Definitions stay at the root; what refers to the root refers to the field. */
const wrapping = ({ $defs, definitions, ...schema }: JsonObject): JsonObject => ({
  type: "object",
  properties: { answer: moved(schema) },
  required: ["answer"],
  additionalProperties: false,
  ...($defs === undefined ? {} : { $defs: moved($defs) }),
  ...(definitions === undefined ? {} : { definitions: moved(definitions) }),
});

const moved = (value: JsonValue | undefined): JsonValue | undefined => {
  if (Array.isArray(value)) return (value as readonly JsonValue[]).map((item) => moved(item) ?? null);
  if (!isJsonObject(value)) return value;
  const copy: Record<string, JsonValue | undefined> = {};
  for (const [name, item] of Object.entries(value))
    copy[name] = name === "$ref" && typeof item === "string" ? movedReference(item) : moved(item);
  return copy;
};

const movedReference = (reference: string): string =>
  /^#(?!\/\$defs\/|\/definitions\/|\w)/.test(reference) ? `#/properties/answer${reference.slice(1)}` : reference;

const checkSchema = (schema: unknown): void => {
  const standard = (schema as { readonly "~standard"?: { readonly validate?: unknown } } | null)?.["~standard"];
  if (typeof standard?.validate === "function") return;
  throw new CallError(
    "invalid_request",
    'Cannot ask: "schema" must be a Standard Schema, as Zod 3.24, Valibot 1 and ArkType 2 or later make them; a JSON Schema goes beside one, as "jsonSchema"',
  );
};
