import type { Answer } from "../answer.ts";
import type { Completion } from "../dialect.ts";
import type { Script } from "../script.ts";
import { type StreamWire, tokenStream } from "../token-stream.ts";
import type { ChatRequest } from "./chat-request.ts";
import { callId, finishReason, usageOf } from "./completion-script.ts";

/** Delivers the completion as server-sent events: the roles, a frame per token, then finish reasons, usage, `[DONE]`. */
export const streamScript = (completion: Completion<ChatRequest>): Script =>
  tokenStream(completion, chunkWire(completion));

/** Chunks differ by a few bytes, so the rest is serialised once and they are put together as text. */
const chunkWire = ({ id, created, request, answers }: Completion<ChatRequest>): StreamWire => {
  const shared = { id: `chatcmpl-${id}`, object: "chat.completion.chunk", created, model: request.model };
  const head = `data: ${JSON.stringify({ ...shared, service_tier: "default", system_fingerprint: "fp_simulated" }).slice(0, -1)},"choices":[`;
  const tail = request.includeUsage ? `],"usage":null}\n\n` : "]}\n\n";
  const chunk = (index: number, delta: string, finish: string): string =>
    `${head}{"index":${index},"delta":${delta},"logprobs":null,"finish_reason":${finish}}${tail}`;
  const delta =
    request.tool === undefined
      ? (token: string): string => `{"content":${token}}`
      : (token: string): string => `{"tool_calls":[{"index":0,"function":{"arguments":${token}}}]}`;
  const usage = request.includeUsage ? `${head}],"usage":${JSON.stringify(usageOf(request, answers))}}\n\n` : "";
  const finish = answers.map((answer, index) => chunk(index, "{}", `"${finishReason(answer)}"`)).join("");
  return {
    head: answers.map((answer, index) => chunk(index, opening(answer, id, index), "null")).join(""),
    token: (index, token) => chunk(index, delta(JSON.stringify(token)), "null"),
    tail: `${finish}${usage}data: [DONE]\n\n`,
  };
};

const opening = ({ tool }: Answer, id: string, index: number): string => {
  if (tool === undefined) return `{"role":"assistant","content":"","refusal":null}`;
  const call = { index: 0, id: callId(id, index), type: "function", function: { name: tool, arguments: "" } };
  return JSON.stringify({ role: "assistant", content: null, refusal: null, tool_calls: [call] });
};
