import type { ChatRequest } from "../../client/chat-request.ts";
import type { LLM, Source } from "../../client/llm.ts";

/** A client whose many calls begin only when their first request has passed a check; what the check throws ends them. */
export const checkedClient = (llm: LLM, check: (model: string | undefined) => void): LLM => ({
  chat: (request, options) => llm.chat(request, options),
  stream: (request, options) => llm.stream(request, options),
  batch: (requests, options) => llm.batch(checked(requests, check), options),
  asCompleted: (requests, options) => llm.asCompleted(checked(requests, check), options),
  map: (source, request, options) => llm.map(source, request, options),
  submit: (request, options) => llm.submit(request, options),
  on: (name, listener) => llm.on(name, listener),
  stats: () => llm.stats(),
  pause: () => llm.pause(),
  resume: () => llm.resume(),
  learnedLimits: () => llm.learnedLimits(),
  setLimits: (limits) => llm.setLimits(limits),
  close: () => llm.close(),
  [Symbol.asyncDispose]: () => llm[Symbol.asyncDispose](),
});

async function* checked(
  requests: Source<string | ChatRequest>,
  check: (model: string | undefined) => void,
): AsyncGenerator<string | ChatRequest> {
  let first = true;
  for await (const request of requests) {
    if (first) check(modelOf(request));
    first = false;
    yield request;
  }
}

const modelOf = (request: string | ChatRequest): string | undefined => {
  if (typeof request === "string") return undefined;
  const named = request.model ?? request.body?.["model"];
  return typeof named === "string" ? named : undefined;
};
