import { describe, expect, it } from "vitest";
import { eventsOf, post, simulated } from "../../../test/fixtures/simulated.ts";

const path = "/v1/responses";
const asked = { model: "m", input: "Name three rivers" };

describe("a response", () => {
  it("has the vendor's shape, and the same text in a stream of numbered events", async () => {
    const simulator = await simulated();
    const whole = JSON.parse((await post(simulator, path, asked)).text);
    expect(whole).toMatchObject({ object: "response", status: "completed", output: [{ type: "message" }] });
    const [{ text }] = whole.output[0].content;
    expect(text).toMatch(/^Echo: Name three rivers/);
    const events = eventsOf((await post(simulator, path, { ...asked, stream: true })).text);
    const data = events.map((event) => JSON.parse(event.data));
    expect(events.map(({ name }) => name)).toEqual(data.map(({ type }) => type));
    expect(data.map((event) => event.sequence_number)).toEqual(data.map((_, index) => index));
    const deltas = data.filter(({ type }) => type === "response.output_text.delta");
    expect(deltas.map(({ delta }) => delta).join("")).toBe(text);
    expect(data.filter((event) => !deltas.includes(event)).map(({ type }) => type.replace("response.", ""))).toEqual([
      "created",
      "in_progress",
      "output_item.added",
      "content_part.added",
      "output_text.done",
      "content_part.done",
      "output_item.done",
      "completed",
    ]);
    expect(data.at(-1).response.usage).toEqual(whole.usage);
  });

  it("is incomplete where its bound cut it", async () => {
    const simulator = await simulated();
    const bounded = { ...asked, max_output_tokens: 2 };
    expect(JSON.parse((await post(simulator, path, bounded)).text)).toMatchObject({
      status: "incomplete",
      incomplete_details: { reason: "max_output_tokens" },
      output: [{ content: [{ text: "Echo: Name" }] }],
    });
    const stream = eventsOf((await post(simulator, path, { ...bounded, stream: true })).text);
    expect(stream.at(-1)?.name).toBe("response.incomplete");
  });

  it("calls a function that it must call, in fragments of JSON", async () => {
    const simulator = await simulated();
    const parameters = { type: "object", properties: { km: { type: "integer", minimum: 3, maximum: 3 } } };
    const forced = { ...asked, tools: [{ type: "function", name: "look", parameters }], tool_choice: "required" };
    const whole = JSON.parse((await post(simulator, path, forced)).text);
    expect(whole.output).toMatchObject([{ type: "function_call", name: "look", arguments: '{"km":3}' }]);
    const stream = eventsOf((await post(simulator, path, { ...forced, stream: true })).text);
    const data = stream.map((event) => JSON.parse(event.data));
    const fragments = data.filter(({ type }) => type === "response.function_call_arguments.delta");
    expect(fragments.length).toBeGreaterThan(1);
    expect(fragments.map(({ delta }) => delta).join("")).toBe('{"km":3}');
    expect(data.map((event) => event.sequence_number)).toEqual(data.map((_, index) => index));
  });

  it("reads the prompt from a list of items too", async () => {
    const simulator = await simulated();
    const input = [{ role: "user", content: [{ type: "input_text", text: "Name a lock" }] }];
    await post(simulator, path, { model: "m", input });
    expect(simulator.ledger().entries).toMatchObject([{ operation: "responses", prompt: "Name a lock" }]);
  });

  it.each([
    [{ input: "x" }, "you must provide a model"],
    [{ model: "m" }, "Missing required parameter: 'input'"],
    [{ ...asked, max_output_tokens: 0 }, "Invalid 'max_output_tokens'"],
  ])("refuses %j and says %s", async (body, message) => {
    const { status, text } = await post(await simulated(), path, body);
    expect([status, JSON.parse(text).error.message]).toEqual([400, expect.stringContaining(message)]);
  });

  it("counts its input without an answer", async () => {
    const simulator = await simulated();
    const { usage } = JSON.parse((await post(simulator, path, asked)).text);
    const counted = await post(simulator, `${path}/input_tokens`, asked);
    expect(JSON.parse(counted.text)).toEqual({ object: "response.input_tokens", input_tokens: usage.input_tokens });
    expect(simulator.ledger().received).toBe(1);
  });
});
