import type { Operation } from "../call/call.ts";
import { messagesFormat } from "./anthropic/messages-format.ts";
import { generateFormat } from "./gemini/generate-format.ts";
import { chatFormat } from "./openai/chat-format.ts";
import { embeddingsFormat } from "./openai/embeddings-format.ts";
import { responsesFormat } from "./openai/responses-format.ts";
import type { WireFormat } from "./wire-format.ts";

/** The format of an operation. */
export const wireFormat = (operation: Operation): WireFormat => formats[operation];

const formats: Readonly<Record<Operation, WireFormat>> = {
  chat: chatFormat,
  responses: responsesFormat,
  embeddings: embeddingsFormat,
  messages: messagesFormat,
  generate: generateFormat,
};
