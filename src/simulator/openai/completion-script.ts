import type { Answer } from "../answer.ts";
import type { Completion } from "../dialect.ts";
import type { Script } from "../script.ts";
import { countTokens, wholeBody } from "../token-stream.ts";
import type { ChatRequest } from "./chat-request.ts";

/** Delivers the completion as one JSON body, when its last token has been generated. */
export const completionScript = (completion: Completion<ChatRequest>): Script => {
  const { id, created, request, answers } = completion;
  return wholeBody(completion, {
    id: `chatcmpl-${id}`,
    object: "chat.completion",
    created,
    model: request.model,
    choices: answers.map((answer, index) => ({
      index,
      message: messageOf(answer, id, index),
      logprobs: null,
      finish_reason: finishReason(answer),
    })),
    usage: usageOf(request, answers),
    service_tier: "default",
    system_fingerprint: "fp_simulated",
  });
};

const messageOf = ({ tokens, tool }: Answer, id: string, index: number): object => {
  const text = tokens.join("");
  if (tool === undefined) return { role: "assistant", content: text, refusal: null, annotations: [] };
  const call = { id: callId(id, index), type: "function", function: { name: tool, arguments: text } };
  return { role: "assistant", content: null, refusal: null, annotations: [], tool_calls: [call] };
};

/** The name of the tool call of one choice. */
export const callId = (id: string, index: number): string => `call_${id}-${index}`;

/** Why an answer ended, in the vendor's word. */
export const finishReason = ({ finish, tool }: Answer): string =>
  finish === "stop" && tool !== undefined ? "tool_calls" : finish;

/** The usage block of a completion. */
export const usageOf = (request: ChatRequest, answers: readonly Answer[]): object => {
  const completionTokens = countTokens(answers);
  return {
    prompt_tokens: request.promptTokens,
    completion_tokens: completionTokens,
    total_tokens: request.promptTokens + completionTokens,
    prompt_tokens_details: { cached_tokens: 0, audio_tokens: 0 },
    completion_tokens_details: {
      reasoning_tokens: 0,
      audio_tokens: 0,
      accepted_prediction_tokens: 0,
      rejected_prediction_tokens: 0,
    },
  };
};
