import { isJsonObject, type JsonObject, type JsonValue } from "../../call/json.ts";
import type { Vendor } from "../vendor.ts";
import type { WireFormat } from "../wire-format.ts";
import { chatInputTokens, chatOutputBound } from "./chat-tokens.ts";
import { chatFinishReason, chatRefusal, chatText, chatToolCalls, chatUsage, encodeChat } from "./chat-codec.ts";
import { createChatCollector } from "./chat-stream.ts";

/** OpenAI's chat completions, which most vendors speak. */
export const chatFormat: WireFormat = {
  operation: "chat",
  path: () => "/chat/completions",
  encode: encodeChat,
  outgoing: (body, vendor) => (body["stream"] === true ? withUsage(body, vendor) : body),
  isAnswer: (body) => holdsChoice(body["choices"]) || body["prompt_filter_results"] !== undefined,
  text: chatText,
  finishReason: chatFinishReason,
  refusal: chatRefusal,
  usage: chatUsage,
  toolCalls: chatToolCalls,
  createCollector: createChatCollector,
  inputTokens: chatInputTokens,
  outputBound: chatOutputBound,
  withOutputBound: (body, bound, vendor) => ({ ...body, [vendor.outputBoundField ?? "max_tokens"]: bound }),
};

/** An answer without a choice answers nothing; only a content filter in front of the model may leave none. */
const holdsChoice = (choices: JsonValue | undefined): boolean =>
  Array.isArray(choices) && choices.length > 0 && (choices as readonly JsonValue[]).every(isJsonObject);

/** A stream reports what it used only when asked to. */
const withUsage = (body: JsonObject, vendor: Vendor): JsonObject => {
  if (vendor.refusesStreamOptions === true) return body;
  const options = body["stream_options"];
  if (isJsonObject(options) ? options["include_usage"] !== undefined : options !== undefined && options !== null) {
    return body;
  }
  return { ...body, stream_options: { include_usage: true, ...(isJsonObject(options) && options) } };
};
