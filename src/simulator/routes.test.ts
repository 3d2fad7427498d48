import { request } from "undici";
import { describe, expect, it } from "vitest";
import { eventsOf, post, simulated } from "../../test/fixtures/simulated.ts";

const messages = [{ role: "user", content: "Hi" }];

describe("Azure's addresses", () => {
  it("name the model, or leave it to the body, and take the key in a header of its own", async () => {
    const simulator = await simulated({ apiKey: "right" });
    const key = { "api-key": "right" };
    for (const [path, model] of [
      ["/openai/deployments/my%20gpt/chat/completions?api-version=2024-10-21", "my gpt"],
      ["/openai/v1/chat/completions", "other"],
    ] as const) {
      const { status, headers, text } = await post(simulator, path, { model: "other", messages }, key);
      expect([status, headers["apim-request-id"], JSON.parse(text).model]).toEqual([200, expect.any(String), model]);
    }
    for (const path of ["/openai/deployments/d/embeddings?api-version=1", "/openai/v1/embeddings"]) {
      expect((await post(simulator, path, { model: "m", input: "Hi" }, key)).status).toBe(200);
    }
    expect((await post(simulator, "/openai/v1/responses", { model: "m", input: "Hi" }, key)).status).toBe(200);
    const refused = await post(simulator, "/openai/v1/responses", { model: "m", input: "Hi" });
    expect([refused.status, JSON.parse(refused.text).error.code]).toEqual([401, "401"]);
  });

  it("are unknown without a version, where they name a deployment", async () => {
    const { status, text } = await post(await simulated(), "/openai/deployments/d/chat/completions", { messages });
    expect([status, JSON.parse(text).error.code]).toEqual([404, "404"]);
  });

  it("tell times in whole seconds", async () => {
    const simulator = await simulated({ requestsPerMinute: 1 });
    const body = { model: "m", messages };
    expect((await post(simulator, "/openai/v1/chat/completions", body)).headers).toMatchObject({
      "x-ratelimit-reset-requests": "60",
    });
    const refused = await post(simulator, "/openai/v1/chat/completions", body);
    expect([refused.status, JSON.parse(refused.text).error]).toEqual([
      429,
      { code: "429", message: expect.stringMatching(/call rate limit .* Please retry after (59|60) seconds\.$/) },
    ]);
  });
});

describe("the models", () => {
  it.each([
    ["/v1/models", {}, { object: "list", data: [{ id: "simulated", object: "model" }, {}] }],
    ["/openai/v1/models", {}, { object: "list", data: [{ id: "simulated" }, {}] }],
    ["/v1/models", { "anthropic-version": "2023-06-01" }, { data: [{ type: "model", id: "simulated" }, {}] }],
    ["/v1beta/models", {}, { models: [{ name: "models/simulated" }, {}] }],
  ])("are listed at %s with %j in the vendor's shape", async (path, headers, shape) => {
    const { origin } = await simulated();
    expect(await (await request(`${origin}${path}`, { headers })).body.json()).toMatchObject(shape);
  });
});

describe("unknown addresses", () => {
  it("are refused in the words of whose they might be", async () => {
    const simulator = await simulated();
    const said = async (path: string, headers = {}): Promise<unknown> =>
      JSON.parse((await post(simulator, path, {}, headers)).text);
    expect(await said("/v1beta/models/m:paint")).toMatchObject({ error: { status: "NOT_FOUND" } });
    expect(await said("/v1/complete", { "anthropic-version": "2023-06-01" })).toMatchObject({ type: "error" });
    expect(await said("/v1/completions")).toMatchObject({ error: { code: "unknown_url" } });
    expect(simulator.ledger()).toMatchObject({ received: 0, unknownPaths: 3 });
  });
});

describe("chat completions", () => {
  const tool = (name: string, minimum: number) => ({
    type: "function",
    function: { name, parameters: { properties: { n: { type: "integer", minimum, maximum: minimum } } } },
  });

  it("call the tool that is named, or any, where one must be called", async () => {
    const simulator = await simulated();
    const body = { model: "m", messages, tools: [tool("first", 1), tool("second", 2)] };
    const named = { type: "function", function: { name: "second" } };
    const { text } = await post(simulator, "/v1/chat/completions", { ...body, tool_choice: named });
    expect(JSON.parse(text).choices[0]).toMatchObject({
      finish_reason: "tool_calls",
      message: { content: null, tool_calls: [{ function: { name: "second", arguments: '{"n":2}' } }] },
    });
    const stream = await post(simulator, "/v1/chat/completions", { ...body, tool_choice: "required", stream: true });
    const calls = eventsOf(stream.text)
      .filter(({ data }) => data !== "[DONE]")
      .flatMap(({ data }) => JSON.parse(data).choices[0].delta.tool_calls ?? []);
    expect(calls[0]).toMatchObject({ index: 0, id: expect.any(String), function: { name: "first", arguments: "" } });
    expect(calls.map((call) => call.function.arguments).join("")).toBe('{"n":1}');
    const free = await post(simulator, "/v1/chat/completions", { ...body, tool_choice: "auto" });
    expect(JSON.parse(free.text).choices[0].finish_reason).toBe("stop");
  });

  it("fit the JSON schema that is asked for", async () => {
    const schema = { type: "object", properties: { city: { enum: ["Ulm"] }, n: { type: "integer" } } };
    const response_format = { type: "json_schema", json_schema: { name: "city", schema } };
    const { text } = await post(await simulated(), "/v1/chat/completions", { model: "m", messages, response_format });
    expect(JSON.parse(JSON.parse(text).choices[0].message.content)).toEqual({ city: "Ulm", n: expect.any(Number) });
  });
});

describe("streams", () => {
  const streamed = { model: "m", messages, stream: true };

  it.each([
    ["lf", /\n\n$/, /\r/],
    ["crlf", /\r\n\r\n$/, /[^\r]\n/],
    ["cr", /\r\r$/, /\n/],
  ] as const)("end their lines with %s when told to", async (framing, end, never) => {
    const { text } = await post(await simulated({ framing }), "/v1/chat/completions", streamed);
    expect(text).toMatch(end);
    expect(text).not.toMatch(never);
    expect(eventsOf(text).at(-1)?.data).toBe("[DONE]");
  });

  it("begin with a byte order mark when told to, and bodies do not", async () => {
    const simulator = await simulated({ bom: true, framing: "cr" });
    expect((await post(simulator, "/v1/chat/completions", streamed)).text).toMatch(/^\uFEFFdata: /);
    expect((await post(simulator, "/v1/chat/completions", { model: "m", messages })).text).toMatch(/^\{/);
  });

  it("come a byte at a time when told to, and mean the same", async () => {
    const whole = await post(await simulated({ outputTokens: 2 }), "/v1/chat/completions", streamed);
    const simulator = await simulated({ outputTokens: 2, splitBytes: true });
    const { body } = await request(`${simulator.url}/chat/completions`, {
      method: "POST",
      body: JSON.stringify(streamed),
    });
    const pieces: Buffer[] = [];
    for await (const piece of body) pieces.push(piece);
    expect(pieces.length).toBeGreaterThan(20);
    const created = /"created":\d+/g;
    expect(Buffer.concat(pieces).toString().replaceAll(created, "")).toBe(whole.text.replaceAll(created, ""));
    expect(simulator.ledger()).toMatchObject({ completed: 1, inFlight: 0 });
  });
});
