import { describe, expect, it } from "vitest";
import { serveProvider } from "../../test/fixtures/provider-call.ts";
import { done, event, piece, stop, streaming } from "../../test/fixtures/streamed-answer.ts";
import { ask } from "../../test/fixtures/streamed-call.ts";
import { VirtualClock } from "../time/virtual-clock.ts";
import { chatFormat } from "./openai/chat-format.ts";
import { OutputMeter } from "./output-meter.ts";
import { textOfTokens } from "../../test/fixtures/filler-text.ts";
import { estimateTokens } from "./tokens/estimate-tokens.ts";

const chunk = (delta: object, usage?: object) => ({ choices: [{ index: 0, delta }], ...(usage && { usage }) });

/** Feeds deltas to a meter, each after some milliseconds; what it told. */
const metered = async (events: readonly { readonly body: object; readonly afterMs?: number }[]): Promise<number[]> => {
  const clock = new VirtualClock();
  const told: number[] = [];
  const meter = new OutputMeter(clock, (tokens) => void told.push(tokens));
  const collector = chatFormat.createCollector();
  for (const { body, afterMs = 0 } of events) {
    await clock.advance(afterMs);
    meter.add(collector.add(JSON.parse(JSON.stringify(body))), collector);
  }
  return told;
};

const repeated = (count: number, body: object) => Array.from({ length: count }, () => ({ body }));

describe("OutputMeter", () => {
  it("tells every 256 tokens, a short piece being one", async () => {
    expect(await metered(repeated(600, chunk({ content: "word" })))).toEqual([256, 512]);
  });

  it("counts a long piece as a text", async () => {
    expect(await metered([{ body: chunk({ content: textOfTokens(1000) }) }])).toEqual([1000]);
    const chinese = "今天下午三点在二楼开会".repeat(40);
    expect(await metered([{ body: chunk({ content: chinese }) }])).toEqual([estimateTokens(chinese)]);
  });

  it("counts reasoning and tool calls too", async () => {
    expect(await metered([{ body: chunk({ reasoning_content: "r".repeat(1200) }) }])).toEqual([300]);
    const call = { index: 0, function: { arguments: "a".repeat(1200) } };
    expect((await metered([{ body: chunk({ tool_calls: [call] }) }]))[0]).toBeGreaterThanOrEqual(300);
  });

  it("tells at the next event once 500 ms have passed, and only what is new", async () => {
    const word = { body: chunk({ content: "word" }), afterMs: 200 };
    const silent = { body: chunk({}), afterMs: 600 };
    expect(await metered([word, word, word, word, silent, silent])).toEqual([3, 4]);
  });

  it("believes the provider's own figure, and counts on from it", async () => {
    const words = repeated(10, chunk({ content: "word" }));
    const report = { body: chunk({ content: "word" }, { prompt_tokens: 1, completion_tokens: 400 }) };
    expect(await metered([...words, report, ...repeated(256, chunk({ content: "word" }))])).toEqual([400, 656]);
  });
});

describe("a stream", () => {
  const lines = Array.from({ length: 300 }, () => piece("word"));

  it("tells its output while it is read, and the rest at its end", async () => {
    const told: number[] = [];
    const onOutput = (tokens: number): void => void told.push(tokens);
    const baseURL = await serveProvider(streaming(lines.join(""), stop, done));
    await ask(baseURL, { onOutput });
    expect(told).toEqual([256, 300]);
  });

  it("tells what had come when it broke", async () => {
    const told: number[] = [];
    const failing = event({ error: { message: "m", type: "server_error" } });
    const baseURL = await serveProvider(streaming(piece("a"), piece("b"), failing));
    await expect(ask(baseURL, { onOutput: (tokens) => void told.push(tokens) })).rejects.toThrow("m");
    expect(told).toEqual([2]);
  });
});
