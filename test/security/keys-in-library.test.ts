import { inspect } from "node:util";
import * as telemetry from "@opentelemetry/api";
import OpenAI from "openai";
import { createLLM, type CallEvent, type LLMOptions } from "sluice";
import { afterEach, describe, expect, it, vi } from "vitest";
import { desertedOrigin } from "../fixtures/http-server.ts";
import { recordedTelemetry } from "../fixtures/recorded-telemetry.ts";
import { folder } from "../e2e/cli.ts";
import { canary, canaryOf, traces } from "./canary.ts";
import { echoingProvider, failures } from "./echoing-provider.ts";
import { wholeFolder } from "./whole-folder.ts";

const everything = { depth: 30, showHidden: true, getters: true, maxStringLength: Infinity, maxArrayLength: Infinity };

/** All that can be read from what was thrown. */
const wholeError = (error: unknown): string => {
  const causes: unknown[] = [];
  for (let at = error; at instanceof Error && causes.length < 10; at = at.cause) causes.push(at.message, at.stack, at);
  return [
    inspect(error, everything),
    JSON.stringify(error),
    String(error),
    ...causes.map((one) => inspect(one, everything)),
  ].join();
};

/** Makes calls that fail, and gives all that was said of them. */
const toldBy = async (options: LLMOptions, models: readonly string[], stream = false): Promise<string> => {
  const events: CallEvent[] = [];
  const recorded = recordedTelemetry();
  const onEvent = (event: CallEvent): void => void events.push(event);
  await using llm = createLLM({ retry: 0, breaker: false, timeout: { total: 1000 }, telemetry, ...options, onEvent });
  llm.on("*", (event) => void events.push(event));
  const errors: unknown[] = [];
  for (const model of models) {
    if (stream) await drained(llm.stream({ model, prompt: "hi" })).catch((error: unknown) => errors.push(error));
    else await llm.chat({ model, prompt: "hi" }).catch((error: unknown) => errors.push(error));
  }
  expect(errors).toHaveLength(models.length);
  const rest = [events, recorded.spans(), await recorded.measured(), llm.stats(), llm.learnedLimits(), llm];
  return [...errors.map(wholeError), inspect(rest, everything), JSON.stringify(events)].join("\n");
};

const drained = async (parts: AsyncIterable<unknown>): Promise<void> => {
  for await (const _ of parts);
};

const others = ["ANTHROPIC_API_KEY", "DEEPSEEK_API_KEY", "GEMINI_API_KEY", "GROQ_API_KEY"];

afterEach(() => void vi.unstubAllEnvs());

describe("a key of the library", () => {
  it.each([false, true])("stands in the request alone, however a provider echoes it (streamed: %s)", async (stream) => {
    const { url, received } = await echoingProvider();
    const told = await toldBy({ baseURL: url, apiKey: canary }, failures, stream);
    expect(received.every(({ authorization }) => authorization === `Bearer ${canary}`)).toBe(true);
    expect(received.length).toBeGreaterThanOrEqual(failures.length);
    expect(told).toContain("answered 401");
    expect(traces(told)).toEqual([]);
  });

  it("does so in every slot: environment, providers, several keys, headers, other headers for it", async () => {
    const { url, received } = await echoingProvider();
    others.forEach((name, slot) => vi.stubEnv(name, canaryOf(slot)));
    const keys = Array.from({ length: 9 }, (_, slot) => canaryOf(slot));
    const providers: LLMOptions["providers"] = {
      anthropic: { baseURL: url },
      deepseek: { baseURL: url },
      one: { baseURL: url, apiKey: canaryOf(5) },
      several: { baseURL: url, apiKeys: [canaryOf(6), canaryOf(7)] },
      headed: { baseURL: url, headers: { "X-Own-Token": canaryOf(8) }, dialect: "ollama" },
    };
    const models = ["anthropic", "deepseek", "one", "several", "headed"].flatMap((name) =>
      ["refused", "headers", "basic", "redirect", "malformed"].map((failure) => `${name}/${failure}`),
    );
    const told = await toldBy({ providers }, models);
    const sent = JSON.stringify(received);
    expect([0, 1, 5, 6, 7, 8].filter((slot) => !sent.includes(canaryOf(slot)))).toEqual([]);
    expect(traces(told, keys)).toEqual([]);
  });

  it("is not told when nobody answers, no such host exists, or a proxy refuses", async () => {
    const nobody = await desertedOrigin();
    const { url } = await echoingProvider();
    const told = [
      await toldBy({ baseURL: `${nobody}/v1`, apiKey: canary }, ["fine"]),
      await toldBy({ baseURL: "http://no-such-host.invalid/v1", apiKey: canary }, ["fine"]),
      await toldBy({ baseURL: `${url.replace("http:", "https:")}`, apiKey: canary }, ["fine"]),
    ].join("\n");
    expect(told).toContain("ECONNREFUSED");
    expect(traces(told)).toEqual([]);
  });

  it("is refused in an address or with a line break in it, without being told", async () => {
    const bad = [
      { baseURL: `http://user:${canary}@127.0.0.1:1/v1` },
      { baseURL: `ftp://user:${canary}@127.0.0.1:1/v1` },
      { baseURL: `http://user:${canary}@bad host/v1` },
      { baseURL: `user:${canary}@` },
      { baseURL: "http://127.0.0.1:1/v1", apiKey: `${canary}\n` },
      { baseURL: "http://127.0.0.1:1/v1", headers: { "x-key": `${canary}\u0000` } },
    ];
    const told = await Promise.all(bad.map((options) => toldBy(options, ["fine"])));
    expect(told.map((text) => traces(text).length)).toEqual(bad.map(() => 0));
  });

  it("stays out of the response cache and out of what is learned", async () => {
    const [{ url }, at] = [await echoingProvider(), await folder()];
    const llm = createLLM({ baseURL: url, apiKey: canary, cache: at("cache"), model: "fine" });
    expect((await llm.chat("hi")).text).toBe("fine");
    expect((await llm.chat("hi")).text).toBe("fine");
    await llm.close();
    const kept = await wholeFolder(at("."));
    expect(kept).toContain("fine");
    expect(traces(kept + JSON.stringify([llm.learnedLimits(), llm.stats()]))).toEqual([]);
  });

  it("of an SDK goes where the SDK sends it, and is not told by llm.fetch", async () => {
    const { url, received } = await echoingProvider();
    const events: CallEvent[] = [];
    await using llm = createLLM({
      retry: 0,
      breaker: false,
      timeout: { total: 1000 },
      onEvent: (event) => void events.push(event),
    });
    const client = new OpenAI({ apiKey: canary, baseURL: url, fetch: llm.fetch, maxRetries: 0 });
    const errors: unknown[] = [];
    for (const model of failures) {
      const messages = [{ role: "user" as const, content: "hi" }];
      await client.chat.completions.create({ model, messages }).catch((error: unknown) => errors.push(error));
    }
    const told = errors.map((error) => String(error));
    expect(told).toHaveLength(failures.length);
    expect(received.every(({ authorization }) => authorization === `Bearer ${canary}`)).toBe(true);
    expect(traces(inspect([told, events, llm.stats()], everything))).toEqual([]);
  });
});
