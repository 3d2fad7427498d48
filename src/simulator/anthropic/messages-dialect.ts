import type { JsonValue } from "../../call/json.ts";
import type { Answer } from "../answer.ts";
import type { Completion, Dialect } from "../dialect.ts";
import { countTokens, type StreamWire, tokenStream, wholeBody } from "../token-stream.ts";
import { anthropicVendor } from "./anthropic-vendor.ts";
import { parseMessagesRequest } from "./messages-request.ts";

/** `POST /v1/messages`. */
export const messagesDialect: Dialect = {
  operation: "messages",
  vendor: anthropicVendor,
  parse: parseMessagesRequest,
  script: (completion) =>
    completion.request.streamed
      ? tokenStream(completion, messageWire(completion))
      : wholeBody(completion, wholeMessage(completion)),
};

const wholeMessage = (completion: Completion): object => ({
  ...messageHead(completion),
  content: completion.answers.filter(({ tokens }) => tokens.length > 0).map((answer) => blockOf(answer, completion.id)),
  stop_reason: stopReason(completion),
  usage: usageOf(completion, countTokens(completion.answers)),
});

const messageHead = ({ id, request }: Completion): object => ({
  id: `msg_${id}`,
  type: "message",
  role: "assistant",
  model: request.model,
  content: [],
  stop_reason: null,
  stop_sequence: null,
});

/** An answer that was cut within its arguments has none that can be read. */
const blockOf = ({ tokens, tool, finish }: Answer, id: string): object => {
  const text = tokens.join("");
  if (tool === undefined) return { type: "text", text };
  const input: unknown = finish === "stop" ? JSON.parse(text) : {};
  return { type: "tool_use", id: `toolu_${id}`, name: tool, input };
};

const stopReason = ({ answers: [answer] }: Completion): string => {
  if (answer?.finish === "length") return "max_tokens";
  return answer?.tool === undefined ? "end_turn" : "tool_use";
};

const usageOf = ({ request }: Completion, outputTokens: number): object => ({
  input_tokens: request.promptTokens,
  output_tokens: outputTokens,
  cache_creation_input_tokens: 0,
  cache_read_input_tokens: 0,
  service_tier: "standard",
});

/** Deltas differ by their text alone, so they are put together as text. */
const messageWire = (completion: Completion): StreamWire => {
  const { answers, id } = completion;
  const [answer] = answers;
  const tool = answer?.tool;
  const message = { ...messageHead(completion), usage: usageOf(completion, 1) };
  const block =
    tool === undefined ? { type: "text", text: "" } : { type: "tool_use", id: `toolu_${id}`, name: tool, input: {} };
  const [type, field] = tool === undefined ? ["text_delta", "text"] : ["input_json_delta", "partial_json"];
  const delta = `event: content_block_delta\ndata: {"type":"content_block_delta","index":0,"delta":{"type":"${type}","${field}":`;
  const isEmpty = countTokens(answers) === 0;
  const opening = isEmpty ? "" : event("content_block_start", { index: 0, content_block: block });
  const closing = isEmpty ? "" : event("content_block_stop", { index: 0 });
  const end = { stop_reason: stopReason(completion), stop_sequence: null };
  const usage = usageOf(completion, countTokens(answers));
  return {
    head: `${event("message_start", { message })}${opening}${event("ping", {})}`,
    token: (_index, token) => `${delta}${JSON.stringify(token)}}}\n\n`,
    tail: `${closing}${event("message_delta", { delta: end, usage })}${event("message_stop", {})}`,
  };
};

const event = (type: string, fields: Readonly<Record<string, JsonValue | object>>): string =>
  `event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`;
