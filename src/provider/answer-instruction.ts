import type { AnswerSchema } from "../call/standard-schema.ts";

/** What a model is told that cannot be held to a schema by its provider. */
export const answerInstruction = ({ schema }: AnswerSchema): string =>
  schema === undefined
    ? "Answer with JSON and nothing else."
    : `Answer with JSON that fits this JSON Schema, and nothing else:\n${JSON.stringify(schema)}`;
