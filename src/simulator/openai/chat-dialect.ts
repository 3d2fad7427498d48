import type { Dialect } from "../dialect.ts";
import { type ChatRequest, parseChatRequest } from "./chat-request.ts";
import { completionScript } from "./completion-script.ts";
import { openaiVendor } from "./openai-vendor.ts";
import { streamScript } from "./stream-script.ts";

/** `POST /v1/chat/completions`. */
export const chatDialect: Dialect<ChatRequest> = {
  operation: "chat",
  vendor: openaiVendor,
  parse: ({ body, model }) => parseChatRequest(body, model),
  script: (completion) => (completion.request.streamed ? streamScript : completionScript)(completion),
};
