import { describe, expect, it } from "vitest";
import { post, simulated } from "../../../test/fixtures/simulated.ts";
import type { Simulator } from "../simulator.ts";

const path = "/v1/embeddings";

const vectors = async (simulator: Simulator, input: unknown, more: object = {}) => {
  const { text } = await post(simulator, path, { model: "m", input, ...more });
  const data: readonly { readonly embedding: number[] }[] = JSON.parse(text).data;
  return data.map(({ embedding }) => embedding);
};

describe("embeddings", () => {
  it("are unit vectors, the same for the same text in any company", async () => {
    const simulator = await simulated();
    const [river, lock] = await vectors(simulator, ["river", "lock"]);
    expect([river?.length, Math.hypot(...(river ?? []))]).toEqual([64, expect.closeTo(1)]);
    expect(await vectors(simulator, "lock")).toEqual([lock]);
    expect(river).not.toEqual(lock);
  });

  it("come in base64 when asked for", async () => {
    const simulator = await simulated();
    const [plain] = await vectors(simulator, "river", { dimensions: 3 });
    const { text } = await post(simulator, path, {
      model: "m",
      input: "river",
      dimensions: 3,
      encoding_format: "base64",
    });
    const bytes = Buffer.from(JSON.parse(text).data[0].embedding, "base64");
    expect([0, 4, 8].map((offset) => bytes.readFloatLE(offset))).toEqual(plain);
  });

  it("take tokens in place of texts, which are counted one by one", async () => {
    const simulator = await simulated();
    const [one] = await vectors(simulator, [1, 2, 3]);
    expect(await vectors(simulator, [[1, 2, 3], [4]])).toEqual([one, expect.any(Array)]);
    expect(simulator.ledger().entries).toMatchObject([
      { operation: "embeddings", promptTokens: 3, completionTokens: 0, completed: true },
      { promptTokens: 4 },
    ]);
  });

  it.each([
    [{ model: "m" }, "Missing required parameter: 'input'"],
    [{ input: "x" }, "you must provide a model"],
    [{ model: "m", input: [] }, "'$.input' is invalid"],
    [{ model: "m", input: ["a", ""] }, "'$.input' is invalid"],
    [{ model: "m", input: [1, "a"] }, "'$.input' is invalid"],
    [{ model: "m", input: "x", dimensions: 0 }, "Invalid 'dimensions'"],
  ])("refuses %j and says %s", async (body, message) => {
    const { status, text } = await post(await simulated(), path, body);
    expect([status, JSON.parse(text).error.message]).toEqual([400, expect.stringContaining(message)]);
  });

  it("charge their input to the account", async () => {
    const simulator = await simulated({ tokensPerMinute: 100 });
    const { headers } = await post(simulator, path, { model: "m", input: "x".repeat(80) });
    expect(headers).toMatchObject({ "x-ratelimit-remaining-tokens": "80" });
    expect((await post(simulator, path, { model: "m", input: "x".repeat(400) })).status).toBe(429);
  });
});
