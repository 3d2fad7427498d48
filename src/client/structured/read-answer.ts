import type { StandardIssue, StandardSchema } from "../../call/standard-schema.ts";

/** What an answer turns out to be. */
export type AnswerReading = { readonly object: unknown } | { readonly problems: readonly string[] };

/** Reads an answer as JSON and validates it. */
export const readAnswer = async (text: string, schema: StandardSchema): Promise<AnswerReading> => {
  let value: unknown;
  try {
    value = JSON.parse(withoutFence(text));
  } catch (error) {
    return { problems: [`it is not JSON: ${error instanceof Error ? error.message : String(error)}`] };
  }
  const result = await schema["~standard"].validate(value);
  return result.issues === undefined ? { object: result.value } : { problems: result.issues.map(described) };
};

/** Models like to wrap JSON in a fence, with or without words before it. */
const withoutFence = (text: string): string => {
  const trimmed = text.trim();
  if (trimmed.startsWith("{") || trimmed.startsWith("[")) return trimmed;
  return /```(?:json)?\s*\n([^]*?)\n\s*```/i.exec(trimmed)?.[1] ?? trimmed;
};

/** `$.labels[2].name: expected a string` */
const described = ({ message, path = [] }: StandardIssue): string => {
  const place = path.map((step) => {
    const key = typeof step === "object" ? step.key : step;
    return typeof key === "number" ? `[${key}]` : `.${String(key)}`;
  });
  return `$${place.join("")}: ${message}`;
};
