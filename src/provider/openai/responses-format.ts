import type { WireFormat } from "../wire-format.ts";
import {
  responsesFailure,
  responsesFinishReason,
  responsesInputTokens,
  responsesOutputBound,
  responsesRefusal,
  responsesText,
  responsesToolCalls,
  responsesUsage,
} from "./responses-codec.ts";
import { encodeResponses } from "./responses-input.ts";
import { createResponsesCollector } from "./responses-stream.ts";

/** OpenAI's responses. */
export const responsesFormat: WireFormat = {
  operation: "responses",
  path: () => "/responses",
  encode: encodeResponses,
  outgoing: (body) => body,
  isAnswer: (body) => Array.isArray(body["output"]),
  failure: responsesFailure,
  text: responsesText,
  finishReason: responsesFinishReason,
  refusal: responsesRefusal,
  usage: responsesUsage,
  toolCalls: responsesToolCalls,
  createCollector: createResponsesCollector,
  inputTokens: responsesInputTokens,
  outputBound: responsesOutputBound,
  withOutputBound: (body, bound) => ({ ...body, max_output_tokens: bound }),
};
