import type { StandardIssue, StandardSchema } from "../../call/standard-schema.ts";

/** What an answer turns out to be. */
export type AnswerReading = { readonly object: unknown } | { readonly problems: readonly string[] };

/** Reads an answer as JSON and validates it; a wrapped one stands in the field `answer`. */
export const readAnswer = async (text: string, schema: StandardSchema, wrapped = false): Promise<AnswerReading> => {
  let value: unknown;
  try {
    value = JSON.parse(withoutFence(text));
  } catch (error) {
    return { problems: [`it is not JSON: ${messageOf(error)}`] };
  }
  return validated(wrapped ? unwrapped(value) : value, schema);
};

/** What a schema of the caller's throws is its verdict, too: `new URL(…)` in a transformation, say. */
const validated = async (value: unknown, schema: StandardSchema): Promise<AnswerReading> => {
  try {
    const result = await schema["~standard"].validate(value);
    return result.issues === undefined ? { object: result.value } : { problems: result.issues.map(described) };
  } catch (error) {
    return { problems: [`the schema cannot read it: ${messageOf(error)}`] };
  }
};

/** Where no provider holds it to that, a model may leave the wrapping out. */
const unwrapped = (value: unknown): unknown => {
  const isWrapped = typeof value === "object" && value !== null && Object.keys(value).join() === "answer";
  return isWrapped ? (value as { readonly answer: unknown }).answer : value;
};

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Models like to wrap JSON in a fence, with or without words before it. */
const withoutFence = (text: string): string => {
  const trimmed = text.trim();
  if (trimmed.startsWith("{") || trimmed.startsWith("[")) return trimmed;
  const opening = /```(?:json)?[^\S\n]*\n/i.exec(trimmed);
  if (opening === null) return trimmed;
  const lines = trimmed.slice(opening.index + opening[0].length).split("\n");
  const end = lines.findIndex((line) => line.trimStart().startsWith("```"));
  return end < 0 ? trimmed : lines.slice(0, end).join("\n");
};

/** `$.labels[2].name: expected a string` */
const described = ({ message, path = [] }: StandardIssue): string => {
  const place = path.map((step) => {
    const key = typeof step === "object" ? step.key : step;
    return typeof key === "number" ? `[${key}]` : `.${String(key)}`;
  });
  return `$${place.join("")}: ${message}`;
};
