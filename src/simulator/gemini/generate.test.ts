import { describe, expect, it } from "vitest";
import { eventsOf, post, simulated } from "../../../test/fixtures/simulated.ts";
import { VirtualClock } from "../../time/virtual-clock.ts";

const asked = { contents: [{ role: "user", parts: [{ text: "Name three rivers" }] }] };
const whole = "/v1beta/models/gemini:generateContent";
const streamed = "/v1beta/models/gemini:streamGenerateContent?alt=sse";

describe("generated content", () => {
  it("has the vendor's shape, and the same text in a stream of nameless events", async () => {
    const simulator = await simulated();
    const answer = JSON.parse((await post(simulator, whole, asked)).text);
    expect(answer).toMatchObject({ candidates: [{ finishReason: "STOP", index: 0 }], modelVersion: "gemini" });
    const [{ text }] = answer.candidates[0].content.parts;
    expect(text).toMatch(/^Echo: Name three rivers/);
    const stream = await post(simulator, streamed, asked);
    expect(stream.text).toMatch(/\}\r\n\r\n$/);
    expect(stream.text).not.toMatch(/[^\r]\n|\[DONE\]|^event:/m);
    const chunks = eventsOf(stream.text).map(({ data }) => JSON.parse(data));
    expect(chunks.map((chunk) => chunk.candidates[0].content.parts[0].text).join("")).toBe(text);
    expect(chunks.filter((chunk) => chunk.candidates[0].finishReason !== undefined)).toEqual([chunks.at(-1)]);
    expect(chunks.at(-1)).toMatchObject({ usageMetadata: answer.usageMetadata });
    expect(simulator.ledger().entries).toMatchObject([
      { operation: "generate", model: "gemini", streamed: false, prompt: "Name three rivers" },
      { operation: "generate", model: "gemini", streamed: true, completed: true },
    ]);
  });

  it("is one list where no events are asked for", async () => {
    const { text } = await post(await simulated(), streamed.replace("?alt=sse", ""), asked);
    const chunks = JSON.parse(text);
    expect(chunks.length).toBeGreaterThan(3);
    expect(chunks.at(-1).candidates[0].finishReason).toBe("STOP");
  });

  it("is bounded, and comes as often as asked for", async () => {
    const generationConfig = { maxOutputTokens: 2, candidateCount: 2 };
    const { text } = await post(await simulated(), whole, { ...asked, generationConfig });
    expect(JSON.parse(text)).toMatchObject({
      candidates: [{ finishReason: "MAX_TOKENS", index: 0 }, { index: 1 }],
      usageMetadata: { candidatesTokenCount: 4 },
    });
  });

  it("calls a function that it must call, whole", async () => {
    const simulator = await simulated();
    const forced = {
      ...asked,
      tools: [
        {
          functionDeclarations: [
            { name: "other" },
            {
              name: "look",
              parameters: { type: "OBJECT", properties: { km: { type: "INTEGER", minimum: 3, maximum: 3 } } },
            },
          ],
        },
      ],
      toolConfig: { functionCallingConfig: { mode: "ANY", allowedFunctionNames: ["look"] } },
    };
    const call = { functionCall: { name: "look", args: { km: 3 } } };
    expect(JSON.parse((await post(simulator, whole, forced)).text).candidates[0].content.parts).toEqual([call]);
    const chunks = eventsOf((await post(simulator, streamed, forced)).text).map(({ data }) => JSON.parse(data));
    expect(chunks.flatMap((chunk) => chunk.candidates[0].content.parts)).toEqual([call, { text: "" }]);
    const cut = await post(simulator, whole, { ...forced, generationConfig: { maxOutputTokens: 1 } });
    expect(JSON.parse(cut.text).candidates[0]).toMatchObject({
      content: { parts: [] },
      finishReason: "MALFORMED_FUNCTION_CALL",
    });
  });
});

describe("what Gemini refuses", () => {
  it.each([
    [{ ...asked, model: "gemini" }, 'Unknown name "model"'],
    [{ ...asked, stream: true }, 'Unknown name "stream"'],
    [{}, "contents is not specified"],
    [{ ...asked, generationConfig: { maxOutputTokens: 0 } }, "max_output_tokens"],
  ])("%j is told %s", async (body, message) => {
    const { status, text } = await post(await simulated(), whole, body);
    expect([status, JSON.parse(text)]).toEqual([
      400,
      { error: { code: 400, status: "INVALID_ARGUMENT", message: expect.stringContaining(message) } },
    ]);
  });

  it("takes its key from a header or the address", async () => {
    const simulator = await simulated({ apiKey: "right" });
    expect((await post(simulator, whole, asked, { "x-goog-api-key": "right" })).status).toBe(200);
    expect((await post(simulator, `${whole}?key=right`, asked)).status).toBe(200);
    const wrong = await post(simulator, `${whole}?key=wrong`, asked);
    expect([wrong.status, JSON.parse(wrong.text).error.details[0].reason]).toEqual([400, "API_KEY_INVALID"]);
    const none = await post(simulator, whole, asked);
    expect([none.status, JSON.parse(none.text).error.status]).toEqual([403, "PERMISSION_DENIED"]);
  });
});

describe("Gemini's quotas", () => {
  it("are told in no header, but by name in a refusal", async () => {
    const clock = new VirtualClock();
    const simulator = await simulated({ requestsPerMinute: 30, burstMs: 2000, clock });
    const first = await post(simulator, whole, asked);
    expect(Object.keys(first.headers).filter((name) => name.includes("ratelimit"))).toEqual([]);
    const refused = await post(simulator, whole, asked);
    expect(refused.headers).not.toHaveProperty("retry-after");
    expect([refused.status, JSON.parse(refused.text)]).toMatchObject([
      429,
      {
        error: {
          status: "RESOURCE_EXHAUSTED",
          details: [
            { violations: [{ quotaId: "GenerateRequestsPerMinutePerProjectPerModel", quotaValue: "30" }] },
            { "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay: "2s" },
          ],
        },
      },
    ]);
    await clock.advance(2000);
    expect((await post(simulator, whole, asked)).status).toBe(200);
  });
});

describe("countTokens", () => {
  it("counts what an answer would, and costs nothing", async () => {
    const simulator = await simulated();
    const { usageMetadata } = JSON.parse((await post(simulator, whole, asked)).text);
    for (const body of [asked, { generateContentRequest: { model: "models/gemini", ...asked } }]) {
      const counted = JSON.parse((await post(simulator, "/v1beta/models/gemini:countTokens", body)).text);
      expect(counted.totalTokens).toBe(usageMetadata.promptTokenCount);
    }
    expect(simulator.ledger()).toMatchObject({ received: 1, unknownPaths: 0 });
  });
});
