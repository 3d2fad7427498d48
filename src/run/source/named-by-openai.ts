import type { JsonObject, JsonValue } from "../../call/json.ts";
import type { EncodeInput } from "./source-options.ts";

/** What a line says in the words of OpenAI's chat and every format says in some words of its own. */
export const namedByOpenAI = (columns: JsonObject): Omit<EncodeInput, "prompt" | "system" | "messages"> => {
  const { temperature, top_p: topP, max_tokens: bound, max_completion_tokens: newerBound, stop, seed } = columns;
  const maxOutputTokens = newerBound ?? bound;
  return {
    ...(typeof temperature === "number" && { temperature }),
    ...(typeof topP === "number" && { topP }),
    ...(typeof maxOutputTokens === "number" && { maxOutputTokens }),
    ...(isStop(stop) && { stop }),
    ...(typeof seed === "number" && { seed }),
  };
};

const isStop = (stop: JsonValue | undefined): stop is string | readonly string[] =>
  typeof stop === "string" || (Array.isArray(stop) && stop.every((text) => typeof text === "string"));
