import { afterEach, describe, expect, it } from "vitest";
import { request } from "undici";
import { type FaultKind, type Simulator, type SimulatorOptions, startSimulator } from "./simulator.ts";

const running: Simulator[] = [];

const startWith = async (fault: FaultKind, options: SimulatorOptions = {}): Promise<Simulator> => {
  const simulator = await startSimulator({ faults: { [fault]: 1 }, ...options });
  running.push(simulator);
  return simulator;
};

afterEach(async () => {
  await Promise.all(running.splice(0).map((simulator) => simulator.close()));
});

/** What a client sees of a call: everything up to the error that ends it, if one does. */
const observe = async (simulator: Simulator, stream: boolean) => {
  let text = "";
  try {
    const reply = await request(`${simulator.url}/chat/completions`, {
      method: "POST",
      body: JSON.stringify({ model: "m", stream, messages: [{ role: "user", content: "Hi" }] }),
    });
    for await (const piece of reply.body) text += String(piece);
    return { status: reply.statusCode, headers: reply.headers, text, failed: false };
  } catch {
    return { status: 0, headers: {}, text, failed: true };
  }
};

describe("faults that replace the answer", () => {
  it.each([
    ["429", 429, "rate_limit_exceeded"],
    ["500", 500, "server_error"],
    ["503", 503, "overloaded"],
    ["400", 400, "unsupported_value"],
    ["401", 401, "invalid_api_key"],
    ["404", 404, "model_not_found"],
    ["quota", 429, "insufficient_quota"],
    ["502", 502, "<html>"],
    ["html", 200, "<html>"],
  ] as const)("%s has status %d and says %s", async (fault, status, words) => {
    const simulator = await startWith(fault);
    const seen = await observe(simulator, false);
    expect([seen.status, seen.text]).toEqual([status, expect.stringContaining(words)]);
    expect(simulator.ledger()).toMatchObject({ completed: 0, inFlight: 0, faults: { [fault]: 1 } });
  });

  it("gives the throttled client a time, and the one without money none", async () => {
    expect((await observe(await startWith("429"), false)).headers).toMatchObject({ "retry-after-ms": "250" });
    expect((await observe(await startWith("quota"), false)).headers).not.toHaveProperty("retry-after");
  });

  it("redirects to where it is told, or to an address where followers are counted", async () => {
    const simulator = await startWith("redirect");
    const { status, headers } = await observe(simulator, false);
    expect([status, headers]).toEqual([
      307,
      expect.objectContaining({ location: `http://127.0.0.1:${simulator.port}/elsewhere` }),
    ]);
    const elsewhere = await observe(await startWith("redirect", { redirectTo: "http://127.0.0.1:9/" }), false);
    expect(elsewhere.headers).toMatchObject({ location: "http://127.0.0.1:9/" });
    expect(simulator.ledger().unknownPaths).toBe(0);
  });
});

describe("faults of the delivery", () => {
  it("reset breaks the connection before any byte", async () => {
    const simulator = await startWith("reset");
    expect(await observe(simulator, true)).toMatchObject({ failed: true, text: "" });
    expect(simulator.ledger()).toMatchObject({
      completed: 0,
      abandoned: 0,
      inFlight: 0,
      entries: [{ status: 0, fault: "reset" }],
    });
  });

  it("cut breaks it half-way; a plain answer was generated and is paid, a stream was not", async () => {
    for (const stream of [false, true]) {
      const simulator = await startWith("cut");
      const seen = await observe(simulator, stream);
      expect(seen).toMatchObject({ failed: true, text: expect.stringContaining("chat.completion") });
      expect(seen.text).not.toMatch(/\[DONE\]|total_tokens/);
      expect(simulator.ledger().completed).toBe(stream ? 0 : 1);
    }
  });

  it("malformed spoils one chunk of a stream, or the end of a body, and ends cleanly", async () => {
    const stream = await observe(await startWith("malformed"), true);
    expect(stream).toMatchObject({ status: 200, failed: false, text: expect.stringMatching(/\[DONE\]\n\n$/) });
    const data = stream.text.split("\n\n").filter((event) => event.startsWith("data: {"));
    expect(data.filter((event) => !event.endsWith("}"))).toHaveLength(1);
    const plain = await observe(await startWith("malformed"), false);
    expect(plain).toMatchObject({ status: 200, failed: false });
    expect(() => JSON.parse(plain.text)).toThrow(SyntaxError);
  });

  it("no-done ends a stream cleanly without a finish reason", async () => {
    const simulator = await startWith("no-done");
    const seen = await observe(simulator, true);
    expect(seen).toMatchObject({ status: 200, failed: false });
    expect(seen.text).toContain('"delta":{"content":"Echo:"}');
    expect(seen.text).not.toMatch(/\[DONE\]|"finish_reason":"/);
    expect(simulator.ledger().completed).toBe(0);
  });

  it("error-200 carries an error under a good status", async () => {
    const plain = await observe(await startWith("error-200"), false);
    expect([plain.status, JSON.parse(plain.text)]).toMatchObject([200, { error: { type: "server_error" } }]);
    const stream = await observe(await startWith("error-200"), true);
    expect(stream).toMatchObject({
      status: 200,
      failed: false,
      text: expect.stringMatching(/data: \{"error":.*\}\n\n$/),
    });
  });

  it("silent, stall and drip hold the connection and break it after stallMs", async () => {
    const beginnings = {
      silent: /^$/,
      stall: /Echo:"[^:]*"logprobs":null,"finish_reason":null\}\]\}\n\n$/,
      drip: /(: keep-alive\n\n)+$/,
    };
    for (const fault of ["silent", "stall", "drip"] as const) {
      const simulator = await startWith(fault, { stallMs: 60, dripMs: 10 });
      const seen = await observe(simulator, true);
      expect(seen).toMatchObject({ failed: true, text: expect.stringMatching(beginnings[fault]) });
      expect(simulator.ledger()).toMatchObject({ completed: 0, abandoned: 0, inFlight: 0 });
    }
  });

  it("stall sends half of a plain body and then waits for the client to leave", async () => {
    const simulator = await startWith("stall");
    const reply = await request(`${simulator.url}/chat/completions`, {
      method: "POST",
      body: JSON.stringify({ model: "m", messages: [{ role: "user", content: "Hi" }] }),
    });
    const pieces = reply.body[Symbol.asyncIterator]();
    expect(String((await pieces.next()).value)).toMatch(/^\{"id":"chatcmpl/);
    expect(simulator.ledger().inFlight).toBe(1);
    reply.body.destroy();
    await expect.poll(() => simulator.ledger()).toMatchObject({ inFlight: 0, abandoned: 1 });
  });

  it("slow sends the whole answer late", async () => {
    const simulator = await startWith("slow", { slowMs: 5 });
    expect(await observe(simulator, true)).toMatchObject({ status: 200, text: expect.stringMatching(/\[DONE\]\n\n$/) });
    expect(simulator.ledger()).toMatchObject({ completed: 1, faults: { slow: 1 } });
  });
});
