import { type JsonObject, type JsonValue, isJsonObject } from "../../call/json.ts";
import type { Usage } from "../../call/reply.ts";
import type { StreamEvent } from "../../call/stream-event.ts";
import type { TokenCounter } from "../tokens/estimate-tokens.ts";
import type { StreamCollector, WireFormat } from "../wire-format.ts";

/** OpenAI's embeddings: no text comes back, nothing is streamed, and nothing but the input counts. */
export const embeddingsFormat: WireFormat = {
  operation: "embeddings",
  path: () => "/embeddings",
  outgoing: (body) => body,
  isAnswer: (body) => Array.isArray(body["data"]),
  text: () => "",
  finishReason: () => undefined,
  usage: ({ usage }) => (isJsonObject(usage) ? usageOf(usage) : undefined),
  createCollector: () => new OneEvent(),
  inputTokens: ({ input }, count) => inputTokens(input, count),
  outputBound: () => 0,
};

const usageOf = ({ prompt_tokens: prompt, total_tokens: total }: JsonObject): Usage | undefined => {
  const inputTokens = prompt ?? total;
  if (typeof inputTokens !== "number") return undefined;
  return { inputTokens, outputTokens: 0, cachedTokens: 0, reasoningTokens: 0 };
};

/** A text, several texts, the tokens of one, or those of several. */
const inputTokens = (input: JsonValue | undefined, count: TokenCounter): number => {
  if (typeof input === "string") return count(input);
  if (typeof input === "number") return 1;
  if (!Array.isArray(input)) return 0;
  let tokens = 0;
  for (const item of input as readonly JsonValue[]) tokens += inputTokens(item, count);
  return tokens;
};

/** Should a server send events all the same, the one that is an answer is the answer. */
class OneEvent implements StreamCollector {
  #body: JsonObject = {};
  complete = false;
  finished = false;
  length = 0;
  readonly reportedOutputTokens = undefined;

  add(event: JsonObject): StreamEvent {
    this.#body = event;
    this.complete = embeddingsFormat.isAnswer(event);
    this.finished = this.complete;
    return { body: event, text: "", content: this.complete };
  }

  addText(data: string): boolean {
    return data.trim() === "[DONE]";
  }

  body(): JsonObject {
    return this.#body;
  }
}
