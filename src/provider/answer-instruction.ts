import type { ChatInput } from "../call/chat-input.ts";
import type { AnswerSchema } from "../call/standard-schema.ts";

/**
 * The system's words, with what the model must be told about the form of its answer where the provider does not hold it
 * to a schema.
 *
 * @param held whether the provider does, where there is one.
 */
export const systemText = ({ system, answer }: ChatInput, held: boolean): string | undefined => {
  if (answer === undefined || (held && answer.schema !== undefined)) return system;
  return system === undefined ? instruction(answer) : `${system}\n\n${instruction(answer)}`;
};

/** The same input with those words for its system. */
export const withSystem = (input: ChatInput, held: boolean): ChatInput => {
  const system = systemText(input, held);
  return system === undefined || system === input.system ? input : { ...input, system };
};

const instruction = ({ schema }: AnswerSchema): string =>
  schema === undefined
    ? "Answer with JSON and nothing else."
    : `Answer with JSON that fits this JSON Schema, and nothing else:\n${JSON.stringify(schema)}`;
