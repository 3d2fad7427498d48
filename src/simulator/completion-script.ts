import type { Answer } from "./answer.ts";
import type { ChatRequest } from "./chat-request.ts";
import type { Latency } from "./latency.ts";
import type { Script } from "./script.ts";

/** One completion, as either door delivers it. */
export interface Completion {
  readonly id: string;
  /** Seconds since 1970. */
  readonly created: number;
  readonly request: ChatRequest;
  readonly answers: readonly Answer[];
  readonly latency: Latency;
}

/** Delivers the completion as one JSON body, when its last token has been generated. */
export const completionScript = (completion: Completion): Script => {
  const { id, created, request, answers, latency } = completion;
  const text = JSON.stringify({
    id,
    object: "chat.completion",
    created,
    model: request.model,
    choices: answers.map((answer, index) => ({
      index,
      message: { role: "assistant", content: answer.tokens.join(""), refusal: null, annotations: [] },
      logprobs: null,
      finish_reason: answer.finish,
    })),
    usage: usageOf(request, answers),
    service_tier: "default",
    system_fingerprint: "fp_simulated",
  });
  const steps = Math.max(...answers.map((answer) => answer.tokens.length)) - 1;
  return {
    headers: { "content-type": "application/json", "content-length": String(Buffer.byteLength(text)) },
    frames: [{ atMs: latency.firstMs + steps * latency.tokenMs, text, tokens: countTokens(answers), completes: true }],
    ending: "end",
    filler: "\n",
  };
};

/** The tokens of all choices together. */
export const countTokens = (answers: readonly Answer[]): number =>
  answers.reduce((sum, answer) => sum + answer.tokens.length, 0);

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
