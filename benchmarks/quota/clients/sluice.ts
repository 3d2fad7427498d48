import { createLLM } from "../../../src/client/create-llm.ts";
import type { ChatRequest } from "../../../src/client/chat-request.ts";
import type { LLMOptions } from "../../../src/client/llm-options.ts";
import { seededRng } from "../../../src/time/rng.ts";
import type { ChatCall } from "../chat-calls.ts";
import type { QuotaClient } from "../quota-client.ts";
import { fillerText } from "../../../test/fixtures/filler-text.ts";

/** sluice, told the limits or not. */
export const sluice =
  (isTold: boolean, options: LLMOptions = {}): QuotaClient =>
  async ({ clock, provider, known, calls, lost }) => {
    const limits = isTold ? known.limits : {};
    const llm = createLLM({ handler: provider.handle, clock, model: "virtual", rng: seededRng(5), limits, ...options });
    for await (const result of llm.map(calls, requestOf, { order: "completion" })) if (!result.ok) lost();
    await llm.close();
  };

const frameTokens = 7;
const text = fillerText(2 ** 22);

/** Four characters a token, from which the estimate is made; the numbers are the server's. */
const requestOf = ({ input, output }: ChatCall): ChatRequest => ({
  body: { input, output, messages: [{ role: "user", content: text.slice(0, 4 * (input - frameTokens)) }] },
});
