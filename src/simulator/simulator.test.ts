import { createConnection } from "node:net";
import { once } from "node:events";
import { afterEach, describe, expect, it } from "vitest";
import { request } from "undici";
import { VirtualClock } from "../time/virtual-clock.ts";
import { type Simulator, type SimulatorOptions, startSimulator } from "./simulator.ts";

const running: Simulator[] = [];

const start = async (options: SimulatorOptions = {}): Promise<Simulator> => {
  const simulator = await startSimulator(options);
  running.push(simulator);
  return simulator;
};

afterEach(async () => {
  await Promise.all(running.splice(0).map((simulator) => simulator.close()));
});

const chatBody = { model: "gpt-test", messages: [{ role: "user", content: "Name three rivers" }] };

const post = async (simulator: Simulator, body: object | string, headers: Record<string, string> = {}) => {
  const reply = await request(`${simulator.url}/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
  return { status: reply.statusCode, headers: reply.headers, text: await reply.body.text() };
};

const dataOf = (text: string): string[] =>
  text
    .split("\n\n")
    .filter(Boolean)
    .map((event) => event.replace("data: ", ""));

describe("a chat completion", () => {
  it("has the vendor's shape, consistent usage and the same text every time", async () => {
    const simulator = await start();
    const { status, headers, text } = await post(simulator, chatBody);
    expect([status, headers["content-type"]]).toEqual([200, "application/json"]);
    expect(headers["x-request-id"]).toMatch(/^req_/);
    const body = JSON.parse(text);
    expect(body).toMatchObject({
      object: "chat.completion",
      model: "gpt-test",
      choices: [{ index: 0, finish_reason: "stop" }],
    });
    const { content, role } = body.choices[0].message;
    expect([role, content]).toEqual(["assistant", expect.stringMatching(/^Echo: Name three rivers/)]);
    expect(body.usage.completion_tokens).toBe(content.split(" ").length);
    expect(body.usage.total_tokens).toBe(body.usage.prompt_tokens + body.usage.completion_tokens);
    const again = JSON.parse((await post(simulator, chatBody)).text);
    expect(again.choices).toEqual(body.choices);
  });

  it("streams role, tokens, finish reason, usage and [DONE], and says the same as the plain one", async () => {
    const simulator = await start();
    const plain = JSON.parse((await post(simulator, chatBody)).text);
    const stream = await post(simulator, { ...chatBody, stream: true, stream_options: { include_usage: true } });
    expect(stream.headers["content-type"]).toBe("text/event-stream; charset=utf-8");
    const data = dataOf(stream.text);
    expect(data.pop()).toBe("[DONE]");
    const chunks = data.map((line) => JSON.parse(line));
    const last = chunks.pop();
    expect([last.choices, last.usage]).toEqual([[], plain.usage]);
    expect(chunks.every((chunk) => chunk.usage === null && chunk.object === "chat.completion.chunk")).toBe(true);
    expect(chunks[0].choices[0].delta).toEqual({ role: "assistant", content: "", refusal: null });
    expect(chunks.at(-1).choices[0]).toEqual({ index: 0, delta: {}, logprobs: null, finish_reason: "stop" });
    const text = chunks.map((chunk) => chunk.choices[0].delta.content ?? "").join("");
    expect(text).toBe(plain.choices[0].message.content);
  });

  it("mentions no usage in a stream that was not asked for it", async () => {
    const { text } = await post(await start(), { ...chatBody, stream: true });
    expect(text).not.toContain("usage");
  });

  it("gives as many choices as asked for, in a stream too", async () => {
    const simulator = await start();
    const plain = JSON.parse((await post(simulator, { ...chatBody, n: 3, max_tokens: 4 })).text);
    expect(plain.choices.map((choice: { index: number }) => choice.index)).toEqual([0, 1, 2]);
    expect([plain.choices[2].finish_reason, plain.usage.completion_tokens]).toEqual(["length", 12]);
    const { text } = await post(simulator, { ...chatBody, n: 3, stream: true });
    expect(text.match(/"finish_reason":"stop"/g)).toHaveLength(3);
  });
});

describe("the server", () => {
  it("answers health, models and unknown paths", async () => {
    const simulator = await start();
    const origin = simulator.url.replace("/v1", "");
    expect((await request(`${origin}/healthz`)).statusCode).toBe(200);
    expect(await (await request(`${simulator.url}/models`)).body.json()).toMatchObject({ object: "list" });
    const unknown = await request(`${simulator.url}/embedings`, { method: "POST", body: "{}" });
    expect(unknown.statusCode).toBe(404);
    expect(await unknown.body.json()).toMatchObject({ error: { code: "unknown_url", param: null } });
    expect(simulator.ledger().unknownPaths).toBe(1);
  });

  it("takes its own key only, and never shows a wrong one whole", async () => {
    const simulator = await start({ apiKey: "sk-right" });
    expect((await post(simulator, chatBody, { authorization: "Bearer sk-right" })).status).toBe(200);
    const wrong = await post(simulator, chatBody, { authorization: "Bearer sk-wrong-secret-key-1234" });
    expect([wrong.status, JSON.parse(wrong.text).error.code]).toEqual([401, "invalid_api_key"]);
    expect(wrong.text).not.toContain("secret");
    const none = await post(simulator, chatBody);
    expect([none.status, JSON.parse(none.text).error.type]).toEqual([401, "invalid_request_error"]);
    expect((await request(`${simulator.url}/models`)).statusCode).toBe(401);
  });

  it("refuses a body above its bound and goes on", async () => {
    const simulator = await start({ maxBodyBytes: 1000 });
    expect((await post(simulator, "x".repeat(300_000))).status).toBe(413);
    expect((await post(simulator, "{")).status).toBe(400);
    expect((await post(simulator, chatBody)).status).toBe(200);
  });

  it("keeps books of what came and what was paid, and shows them at /ledger", async () => {
    const simulator = await start();
    await post(simulator, chatBody, { "x-stainless-retry-count": "2" });
    await post(simulator, { model: "m" });
    const ledger = simulator.ledger();
    expect(ledger).toMatchObject({ received: 2, completed: 1, inFlight: 0, statuses: { 200: 1, 400: 1 } });
    expect(ledger.entries[0]).toMatchObject({
      arrival: 1,
      prompt: "Name three rivers",
      retryCount: 2,
      status: 200,
      completed: true,
    });
    expect(ledger.entries[1]).toMatchObject({ arrival: 2, digest: "", status: 400, completed: false });
    const shown = await request(simulator.url.replace("/v1", "/ledger"));
    expect(await shown.body.json()).toEqual(JSON.parse(JSON.stringify(ledger)));
  });

  it("counts on when its book of entries is full", async () => {
    const simulator = await start({ maxLedgerEntries: 2 });
    for (let call = 0; call < 3; call++) await post(simulator, chatBody);
    expect(simulator.ledger()).toMatchObject({ received: 3, completed: 3, entries: [{ arrival: 1 }, { arrival: 2 }] });
  });

  it("says which port is taken", async () => {
    const { port } = await start();
    await expect(startSimulator({ port })).rejects.toThrow(`port ${port} (port 0 takes any free one)`);
  });
});

describe("close", () => {
  it("is not troubled by a client that left in the middle of its request", async () => {
    const simulator = await start();
    const socket = createConnection(simulator.port, "127.0.0.1");
    await once(socket, "connect");
    socket.write("POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\ncontent-length: 1000\r\n\r\n{");
    socket.resetAndDestroy();
    await once(socket, "close");
    expect((await post(simulator, chatBody)).status).toBe(200);
    expect(simulator.ledger().received).toBe(1);
  });

  it("ends open connections at once and leaves no timer", async () => {
    const clock = new VirtualClock();
    const simulator = await start({ firstTokenMs: 1000, clock });
    const waiting = post(simulator, chatBody).catch((error: unknown) => error);
    const idle = createConnection(simulator.port, "127.0.0.1");
    await once(idle, "connect");
    await expect.poll(() => clock.armed).toBe(1);
    const idleClosed = once(idle, "close");
    await simulator.close();
    await simulator.close();
    expect(await waiting).toBeInstanceOf(Error);
    await idleClosed;
    expect(clock.armed).toBe(0);
    expect(simulator.ledger()).toMatchObject({ received: 1, completed: 0, abandoned: 1, inFlight: 0 });
  });
});
