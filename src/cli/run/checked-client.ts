import type { ChatRequest } from "../../client/chat-request.ts";
import type { Source } from "../../client/llm.ts";
import type { RunClient } from "../../run/run-options.ts";

/** A client whose many calls begin only when their first request has passed a check; what the check throws ends them. */
export const checkedClient = (llm: RunClient, check: (model: string | undefined) => void): RunClient => ({
  asCompleted: (requests, options) => llm.asCompleted(checked(requests, check), options),
  stats: () => llm.stats(),
  ...(llm.estimates === undefined ? {} : { estimates: llm.estimates.bind(llm) }),
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
