import type { WireFormat } from "../wire-format.ts";
import { countOf } from "../json-field.ts";
import { isMessage, messageFinishReason, messageText, messageToolCalls, messageUsage } from "./messages-answer.ts";
import { encodeMessages } from "./messages-request.ts";
import { createMessagesCollector } from "./messages-stream.ts";
import { messagesInputTokens } from "./messages-tokens.ts";

/** Anthropic's Messages. */
export const messagesFormat: WireFormat = {
  operation: "messages",
  path: () => "/messages",
  keyHeader: "x-api-key",
  headers: { "anthropic-version": "2026-10-21" },
  encode: encodeMessages,
  outgoing: (body) => body,
  isAnswer: isMessage,
  text: messageText,
  finishReason: messageFinishReason,
  usage: messageUsage,
  toolCalls: messageToolCalls,
  createCollector: createMessagesCollector,
  inputTokens: messagesInputTokens,
  outputBound: (body) => countOf(body["max_tokens"]),
  withOutputBound: (body, bound) => ({ ...body, max_tokens: bound }),
};
