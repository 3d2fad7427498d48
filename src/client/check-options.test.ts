import { describe, expect, it } from "vitest";
import { createLLM } from "./create-llm.ts";
import type { LLMOptions } from "./llm-options.ts";

const make = (options: object): unknown => createLLM({ model: "openai/m", apiKey: "k", ...options } as LLMOptions);

describe("createLLM, with options that make no sense", () => {
  it.each([
    [{ maxConcurrent: 8 }, 'Cannot make a client: "options" has no option "maxConcurrent"; it has model'],
    [{ limits: { rpm: 5 } }, '"rpm"'],
    [{ limits: null }, 'Cannot limit calls: "limits" must be an object, got null'],
    [{ breaker: { failures: 3 } }, 'Cannot make a client: "breaker" has no option "failures"'],
    [{ breaker: { failureShare: 2 } }, '"failureShare"'],
    [{ breaker: true }, 'Cannot make a client: "breaker" must be an object, got true'],
    [{ hedge: { after: 3 } }, 'Cannot make a client: "hedge" has no option "after"'],
    [{ telemetry: null }, 'Cannot make a client: "telemetry" must be the module @opentelemetry/api'],
    [{ telemetry: true }, '"telemetry" must be the module @opentelemetry/api'],
    [{ hedge: null }, 'Cannot make a client: "hedge" must be an object, got null'],
    [
      { learnedLimits: { rates: { requestsPerMinute: { limit: -1 } } } },
      '"learnedLimits.rates.requestsPerMinute.limit"',
    ],
  ])("refuses %j at once", (options, message) => {
    expect(() => make(options)).toThrow(message);
  });

  it("takes those that are left undefined for the defaults", () => {
    const options = {
      limits: undefined,
      hedge: undefined,
      breaker: { minAttempts: undefined },
      learnedLimits: undefined,
    };
    expect(() => make(options)).not.toThrow();
    expect(() => make({ breaker: false, hedge: false })).not.toThrow();
  });
});
