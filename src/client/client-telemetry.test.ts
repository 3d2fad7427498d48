import * as telemetry from "@opentelemetry/api";
import { beforeEach, describe, expect, it } from "vitest";
import { type RecordedTelemetry, recordedTelemetry } from "../../test/fixtures/recorded-telemetry.ts";
import { startSimulator } from "../simulator/simulator.ts";
import { createLLM } from "./create-llm.ts";

let recorded: RecordedTelemetry;
beforeEach(() => void (recorded = recordedTelemetry()));

describe("the telemetry of a client", () => {
  it("says where calls went, and when the first content came, over real HTTP", async () => {
    await using simulator = await startSimulator({ seed: 1 });
    await using llm = createLLM({
      model: "mine/m",
      providers: { mine: { dialect: "groq", baseURL: simulator.url, apiKey: "k" } },
      telemetry,
    });
    for await (const _ of llm.stream("Name a river"));
    const [call, ...within] = recorded.spans();
    const attempt = within.find(({ name }) => name === "sluice.attempt");
    const server = { "server.address": "127.0.0.1", "server.port": simulator.port };
    expect(call?.attributes).toMatchObject({ ...server, "gen_ai.provider.name": "groq", "gen_ai.request.model": "m" });
    expect(call?.attributes["gen_ai.response.time_to_first_chunk"]).toBeTypeOf("number");
    expect(attempt?.attributes).toMatchObject({ ...server, "sluice.deployment": "mine", "sluice.model": "mine/m" });
    expect(recorded.open).toBe(0);
  });

  it("tells of the deployment that each attempt went to", async () => {
    await using simulator = await startSimulator({ seed: 1, apiKey: "right" });
    await using llm = createLLM({
      model: "mine/m",
      providers: { mine: { baseURL: simulator.url, apiKeys: ["wrong", "right"] } },
      telemetry,
    });
    await llm.chat("Name a river");
    const attempts = recorded.spans().filter(({ name }) => name === "sluice.attempt");
    expect(attempts.map(({ attributes }) => attributes)).toMatchObject([
      { "sluice.deployment": "mine#1", "error.type": "auth", "http.response.status_code": 401 },
      { "sluice.deployment": "mine#2", "http.request.resend_count": 1, "server.port": simulator.port },
    ]);
    expect(JSON.stringify([recorded.spans(), await recorded.measured()])).not.toMatch(/right|wrong|river/);
  });

  it("leaves it to a call to say that its provider has no key", async () => {
    await using llm = createLLM({ telemetry });
    await expect(llm.chat({ model: "cerebras/m", prompt: "hi", id: "c" })).rejects.toThrow(/No API key for cerebras/);
    expect(recorded.spans()[0]?.attributes).toMatchObject({
      "gen_ai.provider.name": "cerebras",
      "sluice.call.id": "c",
    });
    expect(recorded.open).toBe(0);
  });
});
