import { isJsonObject, type JsonObject } from "../../call/json.ts";
import type { Vendor } from "../vendor.ts";
import type { WireFormat } from "../wire-format.ts";
import { chatFinishReason, chatText, chatUsage } from "./chat-codec.ts";
import { createChatCollector } from "./chat-stream.ts";

/** OpenAI's chat completions, which most vendors speak. */
export const chatFormat: WireFormat = {
  path: "/chat/completions",
  outgoing: (body, vendor) => (body["stream"] === true ? withUsage(body, vendor) : body),
  isAnswer: (body) => Array.isArray(body["choices"]),
  text: chatText,
  finishReason: chatFinishReason,
  usage: chatUsage,
  createCollector: createChatCollector,
};

/** A stream reports what it used only when asked to. */
const withUsage = (body: JsonObject, vendor: Vendor): JsonObject => {
  if (vendor.refusesStreamOptions === true) return body;
  const options = body["stream_options"];
  if (isJsonObject(options) ? options["include_usage"] !== undefined : options !== undefined && options !== null) {
    return body;
  }
  return { ...body, stream_options: { include_usage: true, ...(isJsonObject(options) && options) } };
};
