import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { CallErrorCode } from "../../src/call/call-error.ts";
import type { Operation } from "../../src/call/call.ts";
import { createLLM } from "../../src/client/create-llm.ts";
import type { LLM } from "../../src/client/llm.ts";
import { faultKinds, type FaultKind } from "../../src/simulator/fault-kind.ts";
import { type Simulator, startSimulator } from "../../src/simulator/simulator.ts";

/** What our client makes of each fault, whole or streamed; `ok` where it gets its answer all the same. */
const meanings: Readonly<Record<FaultKind, readonly (CallErrorCode | "ok")[]>> = {
  "429": ["throttled"],
  "500": ["server"],
  "502": ["server"],
  "503": ["overloaded"],
  "400": ["invalid_request"],
  "401": ["auth"],
  "404": ["not_found"],
  quota: ["quota_exhausted"],
  html: ["malformed"],
  redirect: ["invalid_request"],
  reset: ["network"],
  silent: ["timeout"],
  stall: ["timeout"],
  drip: ["timeout"],
  cut: ["malformed"],
  malformed: ["malformed"],
  "no-done": ["malformed"],
  "error-200": ["server", "overloaded"],
  slow: ["ok"],
};

const formats: readonly (readonly [string, string, { readonly operation?: Operation }])[] = [
  ["OpenAI chat", "openai/m", {}],
  ["OpenAI responses", "openai/m", { operation: "responses" }],
  ["Anthropic messages", "anthropic/m", {}],
  ["Gemini generateContent", "gemini/m", {}],
  ["Azure", "azure/m", {}],
];

const clientOf = (model: string, { url, origin }: Simulator): LLM =>
  createLLM({
    model,
    providers: {
      openai: { baseURL: url, apiKey: "k" },
      anthropic: { baseURL: url, apiKey: "k" },
      gemini: { baseURL: `${origin}/v1beta`, apiKey: "k" },
      azure: { baseURL: `${origin}/openai/v1`, apiKey: "k" },
    },
    retry: { retries: 0, maxThrottles: 0 },
    breaker: false,
    timeout: { attempt: "600ms", firstContent: "300ms", idle: "300ms" },
  });

describe.each(faultKinds)("the fault %s", (kind) => {
  let simulator: Simulator;

  beforeAll(async () => {
    simulator = await startSimulator({ faults: { [kind]: 1 }, outputTokens: 20, slowMs: 50, dripMs: 50 });
  });
  afterAll(() => simulator.close());

  it.each(formats)("means the same in every format: %s", async (_, model, more) => {
    for (const stream of [false, true]) {
      await using llm = clientOf(model, simulator);
      const [result] = await llm.batch([{ prompt: "Name a river", stream, ...more }]);
      expect(meanings[kind], `streamed: ${stream}`).toContain(result?.ok === false ? result.error.code : "ok");
      if (result?.ok === false) expect(result.error.message).not.toContain("[object Object]");
    }
  });
});
