import type { JsonObject } from "../../call/json.ts";
import type { WireFormat } from "../wire-format.ts";
import {
  generatedFinishReason,
  generatedText,
  generatedToolCalls,
  generatedUsage,
  isGenerated,
} from "./generate-answer.ts";
import { generateOutputBound, withGenerateBound } from "./generate-bound.ts";
import { encodeGenerate } from "./generate-request.ts";
import { createGenerateCollector } from "./generate-stream.ts";
import { generateInputTokens } from "./generate-tokens.ts";

/** Gemini's generateContent. */
export const generateFormat: WireFormat = {
  operation: "generate",
  path: (model, streamed) => `/${resourceOf(model)}:${streamed ? "streamGenerateContent?alt=sse" : "generateContent"}`,
  keyHeader: "x-goog-api-key",
  encode: encodeGenerate,
  outgoing: (body) => withoutPath(body),
  isAnswer: isGenerated,
  text: generatedText,
  finishReason: generatedFinishReason,
  usage: generatedUsage,
  toolCalls: generatedToolCalls,
  createCollector: createGenerateCollector,
  inputTokens: generateInputTokens,
  outputBound: generateOutputBound,
  withOutputBound: withGenerateBound,
};

/** A model that was tuned has another collection before its name. */
const resourceOf = (model: string): string =>
  (/^(?:models|tunedModels)\//.test(model) ? model : `models/${model}`).split("/").map(encodeURIComponent).join("/");

/** What stands in the path is no field of the body. */
const withoutPath = (body: JsonObject): JsonObject => {
  const { model: _, stream: __, ...rest } = body;
  return rest;
};
