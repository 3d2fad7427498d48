import { describe, expect, it } from "vitest";
import { post, simulated, type WireAnswer } from "../../test/fixtures/simulated.ts";
import type { FaultKind } from "./fault-kind.ts";
import type { Simulator } from "./simulator.ts";

const messages = [{ role: "user", content: "Hi" }];
const version = { "anthropic-version": "2026-10-21" };

/** How each format is asked, and how its stream ends when all is well. */
const formats = {
  chat: {
    ask: (simulator: Simulator, stream: boolean) =>
      post(simulator, "/v1/chat/completions", { model: "m", stream, messages }),
    good: "[DONE]",
    error: /data: \{"error":.*server_error.*\}\n\n$/,
  },
  responses: {
    ask: (simulator: Simulator, stream: boolean) =>
      post(simulator, "/v1/responses", { model: "m", stream, input: "Hi" }),
    good: "event: response.completed",
    error: /event: error\ndata: \{"type":"error","code":"server_error".*"sequence_number":\d+\}\n\n$/,
  },
  messages: {
    ask: (simulator: Simulator, stream: boolean) =>
      post(simulator, "/v1/messages", { model: "m", stream, messages, max_tokens: 99 }, version),
    good: "event: message_stop",
    error: /event: error\ndata: \{"type":"error","error":\{"type":"api_error".*\}\n\n$/,
  },
  generate: {
    ask: (simulator: Simulator, stream: boolean) =>
      post(simulator, `/v1beta/models/m:${stream ? "streamGenerateContent?alt=sse" : "generateContent"}`, {
        contents: [{ role: "user", parts: [{ text: "Hi" }] }],
      }),
    good: '"finishReason":"STOP"',
    error: /\r\n\r\n\{"error":\{"code":500,.*\}\}\r\n$/,
  },
} as const;

type Format = keyof typeof formats;

const names = Object.keys(formats) as readonly Format[];

const faulty = async (fault: FaultKind, format: Format, stream: boolean): Promise<[Simulator, WireAnswer]> => {
  const simulator = await simulated({ faults: { [fault]: 1 }, stallMs: 30, dripMs: 5, slowMs: 1 });
  return [simulator, await formats[format].ask(simulator, stream)];
};

describe.each(names)("faults in the format of %s", (format) => {
  it.each([
    ["429", { chat: 429, responses: 429, messages: 429, generate: 429 }],
    ["500", { chat: 500, responses: 500, messages: 500, generate: 500 }],
    ["503", { chat: 503, responses: 503, messages: 529, generate: 503 }],
    ["400", { chat: 400, responses: 400, messages: 400, generate: 400 }],
    ["401", { chat: 401, responses: 401, messages: 401, generate: 401 }],
    ["404", { chat: 404, responses: 404, messages: 404, generate: 404 }],
    ["quota", { chat: 429, responses: 429, messages: 429, generate: 429 }],
    ["502", { chat: 502, responses: 502, messages: 502, generate: 502 }],
    ["redirect", { chat: 307, responses: 307, messages: 307, generate: 307 }],
  ] as const)("%s replaces the answer", async (fault, statuses) => {
    const [simulator, { status, text }] = await faulty(fault, format, true);
    expect(status).toBe(statuses[format]);
    if (fault !== "502" && fault !== "redirect") expect(JSON.parse(text)).toHaveProperty("error");
    expect(simulator.ledger()).toMatchObject({ received: 1, completed: 0, inFlight: 0, entries: [{ fault }] });
  });

  it.each(["reset", "silent", "stall", "drip", "cut"] as const)("%s breaks the connection", async (fault) => {
    for (const stream of [false, true]) {
      const [simulator, { failed, text }] = await faulty(fault, format, stream);
      expect([failed, text.includes(formats[format].good)]).toEqual([true, false]);
      expect(simulator.ledger()).toMatchObject({ received: 1, inFlight: 0 });
    }
  });

  it("no-done and malformed end cleanly, without what should be there", async () => {
    const [, short] = await faulty("no-done", format, true);
    expect([short.failed, short.text.includes(formats[format].good)]).toEqual([false, false]);
    const [, garbled] = await faulty("malformed", format, false);
    expect(() => JSON.parse(garbled.text)).toThrow(SyntaxError);
    const [, stream] = await faulty("malformed", format, true);
    const data = stream.text.split(/\r?\n/).filter((line) => line.startsWith("data: {"));
    expect(data.filter((line) => !line.endsWith("}"))).toHaveLength(1);
  });

  it("error-200 says so in the vendor's way, in a body and in a stream", async () => {
    const [, whole] = await faulty("error-200", format, false);
    expect([whole.status, JSON.parse(whole.text)]).toMatchObject([200, { error: {} }]);
    const [, stream] = await faulty("error-200", format, true);
    expect([stream.status, stream.failed, stream.text]).toEqual([
      200,
      false,
      expect.stringMatching(formats[format].error),
    ]);
  });

  it("slow and no fault at all end well", async () => {
    const [, slow] = await faulty("slow", format, true);
    expect(slow).toMatchObject({ status: 200, text: expect.stringContaining(formats[format].good) });
    const { text } = await formats[format].ask(await simulated(), true);
    expect(text).toContain(formats[format].good);
  });
});

describe("one account behind all formats", () => {
  it("counts what each of them takes", async () => {
    const simulator = await simulated({ requestsPerMinute: 4 });
    for (const name of names) expect((await formats[name].ask(simulator, false)).status).toBe(200);
    for (const name of names) expect((await formats[name].ask(simulator, false)).status).toBe(429);
    const { received, completed, refused, entries } = simulator.ledger();
    expect([received, completed, refused]).toEqual([8, 4, 4]);
    expect(entries.slice(0, 4).map(({ operation }) => operation)).toEqual(names);
  });
});
