import * as telemetry from "@opentelemetry/api";
import { beforeEach, describe, expect, it } from "vitest";
import { type Measured, type RecordedTelemetry, recordedTelemetry } from "../../test/fixtures/recorded-telemetry.ts";
import { CallError } from "../call/call-error.ts";
import type { Handler } from "../call/handler.ts";
import { createLLM } from "../client/create-llm.ts";
import { sleep } from "../time/sleep.ts";
import { VirtualClock } from "../time/virtual-clock.ts";

let recorded: RecordedTelemetry;
beforeEach(() => void (recorded = recordedTelemetry()));

const usage = { inputTokens: 40, outputTokens: 12, cachedTokens: 0, reasoningTokens: 0 };

/** Takes a second and fails the first time. */
const provider = (): Handler => {
  let made = 0;
  return async (_call, { clock, signal, onProgress }) => {
    made += 1;
    await sleep(clock, 400, signal);
    onProgress?.("content");
    await sleep(clock, 600, signal);
    if (made === 1) throw new CallError("overloaded", "busy", { status: 503 });
    return { status: 200, body: { model: "m-1", choices: [] }, usage, deployment: "here" };
  };
};

const setUp = () => {
  const clock = new VirtualClock();
  const limits = { maxConcurrent: 1 };
  const llm = createLLM({ model: "mistral/m", handler: provider(), clock, rng: () => 0.5, limits, telemetry });
  return { clock, llm };
};

interface Summed {
  readonly count: number;
  readonly sum: number;
}

/** What was measured under a name, as `count: sum {attributes that tell series apart}`. */
const series = (measured: readonly Measured[], name: string): readonly string[] =>
  measured
    .filter((one) => one.name === name)
    .map(({ value, attributes }) => {
      const apart = { type: attributes["gen_ai.token.type"], error: attributes["error.type"] };
      const amount = typeof value === "number" ? value : `${(value as Summed).count}: ${(value as Summed).sum}`;
      return `${amount} ${JSON.stringify(apart)}`;
    })
    .toSorted();

describe("the instruments", () => {
  it("measure calls, tokens, attempts and waiting", async () => {
    const { clock, llm } = setUp();
    await clock.until(llm.batch(["1", "2"], { stream: true }));
    const measured = await recorded.measured();
    expect(series(measured, "sluice.attempts")).toEqual(['1 {"error":"overloaded"}', "2 {}"]);
    expect(series(measured, "sluice.attempt.duration")).toEqual(['1: 1 {"error":"overloaded"}', "2: 2 {}"]);
    expect(series(measured, "gen_ai.client.token.usage")).toEqual([
      '2: 24 {"type":"output"}',
      '2: 80 {"type":"input"}',
    ]);
    expect(series(measured, "gen_ai.client.operation.time_to_first_chunk")).toEqual(["2: 0.8 {}"]);
    expect(series(measured, "gen_ai.client.operation.duration")).toHaveLength(1);
    expect(series(measured, "sluice.queue.duration")).toHaveLength(1);
    const duration = measured.find(({ name }) => name === "gen_ai.client.operation.duration");
    expect(duration).toMatchObject({
      unit: "s",
      attributes: {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "mistral_ai",
        "gen_ai.request.model": "m",
        "gen_ai.response.model": "m-1",
      },
      value: {
        buckets: {
          boundaries: [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92],
        },
      },
    });
  });

  it("say at any time how many calls wait and how many are out", async () => {
    const { clock, llm } = setUp();
    const calls = llm.batch(["1", "2", "3"]);
    await clock.advance(500);
    const meanwhile = await recorded.measured();
    expect(series(meanwhile, "sluice.queue.length")).toEqual(["2 {}"]);
    expect(series(meanwhile, "sluice.calls.in_flight")).toEqual(["1 {}"]);
    expect(llm.stats()).toMatchObject({ queued: 2, inFlight: 1 });
    await clock.until(calls);
    const afterwards = await recorded.measured();
    expect(series(afterwards, "sluice.queue.length")).toEqual(["0 {}"]);
    expect(series(afterwards, "sluice.calls.in_flight")).toEqual(["0 {}"]);
  });

  it("measure what an SDK wants that was set up after the client", async () => {
    telemetry.metrics.disable();
    telemetry.trace.disable();
    const { clock, llm } = setUp();
    recorded = recordedTelemetry();
    await clock.until(llm.chat("1"));
    expect(recorded.spans()).toHaveLength(4);
    expect(series(await recorded.measured(), "sluice.attempts")).toHaveLength(2);
  });

  it("count nothing twice where there is no SDK at all", async () => {
    telemetry.metrics.disable();
    telemetry.trace.disable();
    telemetry.context.disable();
    const { clock, llm } = setUp();
    await clock.until(llm.chat("1"));
    expect(llm.stats()).toMatchObject({ succeeded: 1, retries: 1 });
    expect(recorded.spans()).toEqual([]);
  });
});
