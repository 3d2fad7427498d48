import { describe, expect, it } from "vitest";
import { eventsOf, post as send, simulated } from "../../../test/fixtures/simulated.ts";
import { VirtualClock } from "../../time/virtual-clock.ts";
import type { Simulator } from "../simulator.ts";

const current = { "anthropic-version": "2026-10-21", "x-api-key": "k" };
const asked = { model: "claude", max_tokens: 100, messages: [{ role: "user", content: "Name three rivers" }] };

const post = (simulator: Simulator, more: object = {}, headers: Record<string, string> = current) =>
  send(simulator, "/v1/messages", { ...asked, ...more }, headers);

describe("a message", () => {
  it("has the vendor's shape, and the same text in a stream", async () => {
    const simulator = await simulated();
    const whole = await post(simulator);
    expect(whole).toMatchObject({ status: 200, headers: { "request-id": "req_1_1" } });
    const message = JSON.parse(whole.text);
    expect(message).toMatchObject({ type: "message", role: "assistant", model: "claude", stop_reason: "end_turn" });
    const [{ text }] = message.content;
    expect(text).toMatch(/^Echo: Name three rivers/);
    expect(message.usage.output_tokens).toBe(text.split(" ").length);
    const events = eventsOf((await post(simulator, { stream: true })).text);
    const data = events.map((event) => JSON.parse(event.data));
    expect(events.map(({ name }) => name)).toEqual(data.map(({ type }) => type));
    const names = events.map(({ name }) => name).filter((name) => name !== "content_block_delta");
    expect(names.slice(0, 3)).toEqual(["message_start", "content_block_start", "ping"]);
    expect(names.slice(3)).toEqual(["content_block_stop", "message_delta", "message_stop"]);
    expect(data[0].message).toMatchObject({ content: [], stop_reason: null, usage: { output_tokens: 1 } });
    expect(data.map(({ delta }) => delta?.text ?? "").join("")).toBe(text);
    expect(data.at(-2)).toMatchObject({ delta: { stop_reason: "end_turn" }, usage: message.usage });
  });

  it("is cut at its bound, which may be nothing at all", async () => {
    const simulator = await simulated();
    expect(JSON.parse((await post(simulator, { max_tokens: 2 })).text)).toMatchObject({
      content: [{ text: "Echo: Name" }],
      stop_reason: "max_tokens",
    });
    expect(JSON.parse((await post(simulator, { max_tokens: 0 })).text)).toMatchObject({
      content: [],
      usage: { output_tokens: 0 },
    });
  });

  it("calls a tool that it must call, in fragments of JSON", async () => {
    const simulator = await simulated();
    const tools = [{ name: "look", input_schema: { properties: { river: { enum: ["Elbe", "Oder"] } } } }];
    const stream = await post(simulator, { stream: true, tools, tool_choice: { type: "any" } });
    const data = eventsOf(stream.text).map((event) => JSON.parse(event.data));
    expect(data[1].content_block).toMatchObject({ type: "tool_use", name: "look", input: {} });
    const fragments = data.flatMap(({ delta }) => delta?.partial_json ?? []);
    expect(fragments.length).toBeGreaterThan(1);
    expect(["Elbe", "Oder"]).toContain(JSON.parse(fragments.join("")).river);
    const whole = await post(simulator, { tools, tool_choice: { type: "tool", name: "look" } });
    expect(JSON.parse(whole.text)).toMatchObject({
      content: [{ type: "tool_use", input: JSON.parse(fragments.join("")) }],
      stop_reason: "tool_use",
    });
  });
});

describe("what Anthropic refuses", () => {
  it.each([
    [{ max_tokens: undefined }, current, "max_tokens: Field required"],
    [{ max_tokens: 1.5 }, current, "max_tokens: Input should be"],
    [{ model: "" }, current, "model: Field required"],
    [{ messages: [] }, current, "messages: at least one message is required"],
    [{ messages: [{ role: "bot" }] }, current, "messages.0.role: Input should be"],
    [{ temperature: 1 }, current, "temperature: Extra inputs are not permitted"],
    [{ top_k: 5 }, current, "top_k: Extra inputs are not permitted"],
    [{}, {}, "anthropic-version: header is required"],
  ])("%j with %j is told %s", async (more, headers, message) => {
    const { status, text } = await post(await simulated(), more, headers);
    expect([status, JSON.parse(text)]).toEqual([
      400,
      {
        type: "error",
        error: { type: "invalid_request_error", message: expect.stringContaining(message) },
        request_id: "req_1_1",
      },
    ]);
  });

  it("takes the sampling options under the older version", async () => {
    const older = { "anthropic-version": "2023-06-01" };
    expect((await post(await simulated(), { temperature: 0 }, older)).status).toBe(200);
  });

  it("takes its key from either header", async () => {
    const simulator = await simulated({ apiKey: "right" });
    const version = { "anthropic-version": "2023-06-01" };
    expect((await post(simulator, {}, { ...version, "x-api-key": "right" })).status).toBe(200);
    expect((await post(simulator, {}, { ...version, authorization: "Bearer right" })).status).toBe(200);
    const refused = await post(simulator);
    expect([refused.status, JSON.parse(refused.text).error.type]).toEqual([401, "authentication_error"]);
  });
});

describe("Anthropic's quotas", () => {
  it("are told in headers, with times of day", async () => {
    const clock = new VirtualClock();
    const limits = {
      requestsPerMinute: 60,
      tokensPerMinute: 6000,
      inputTokensPerMinute: 600,
      outputTokensPerMinute: 60,
    };
    const { headers } = await post(await simulated({ ...limits, clock, outputTokens: 1 }));
    expect(headers).toMatchObject({
      "anthropic-ratelimit-requests-limit": "60",
      "anthropic-ratelimit-requests-remaining": "59",
      "anthropic-ratelimit-requests-reset": new Date(Math.ceil(clock.wallNow() / 1000 + 1) * 1000)
        .toISOString()
        .replace(".000Z", "Z"),
      "anthropic-ratelimit-tokens-limit": "6000",
      "anthropic-ratelimit-input-tokens-limit": "600",
      "anthropic-ratelimit-output-tokens-remaining": "60",
    });
    expect(Object.keys(headers).filter((name) => name.startsWith("x-ratelimit"))).toEqual([]);
  });

  it("refuse with a time to wait, and admit after it", async () => {
    const clock = new VirtualClock();
    const simulator = await simulated({ requestsPerMinute: 30, burstMs: 2000, clock });
    await post(simulator);
    const refused = await post(simulator);
    expect(refused).toMatchObject({ status: 429, headers: { "retry-after": "2" } });
    expect(JSON.parse(refused.text).error).toMatchObject({
      type: "rate_limit_error",
      message: expect.stringContaining("rate limit of 30 requests per minute"),
    });
    await clock.advance(2000);
    expect((await post(simulator)).status).toBe(200);
    expect(simulator.ledger().entries.map(({ operation }) => operation)).toEqual(["messages", "messages", "messages"]);
  });
});

describe("count_tokens", () => {
  it("counts what a message would, needs no bound, and costs nothing", async () => {
    const simulator = await simulated();
    const { usage } = JSON.parse((await post(simulator)).text);
    const { max_tokens: _bound, ...rest } = asked;
    const counted = await send(simulator, "/v1/messages/count_tokens", rest, current);
    expect(JSON.parse(counted.text)).toEqual({ input_tokens: usage.input_tokens });
    expect((await send(simulator, "/v1/messages/count_tokens", {}, current)).status).toBe(400);
    expect(simulator.ledger()).toMatchObject({ received: 1, unknownPaths: 0 });
  });
});
