import * as valibot from "valibot";
import { describe, expect, expectTypeOf, it } from "vitest";
import { z } from "zod";
import type { Call } from "../../call/call.ts";
import type { Handler } from "../../call/handler.ts";
import type { JsonObject } from "../../call/json.ts";
import { createLLM } from "../create-llm.ts";
import type { LLM } from "../llm.ts";
import type { LLMOptions } from "../llm-options.ts";
import { jsonSchemaOf } from "./json-schema-of.ts";

const label = z.object({ label: z.enum(["pos", "neg"]), score: z.number().optional() });

/** A client whose model gives these answers, one after the other. */
const answering = (answers: readonly string[], options: LLMOptions = {}): { llm: LLM; asked: Call[] } => {
  const asked: Call[] = [];
  const handler: Handler = (call, { observe, attempt }) => {
    const content = answers[Math.min(asked.length, answers.length - 1)] ?? "";
    asked.push(call);
    observe({ type: "attempt-start", at: 0, id: call.id, attempt, queuedMs: 0 });
    return Promise.resolve({
      status: 200,
      body: { choices: [{ index: 0, finish_reason: "stop", message: { role: "assistant", content } }] },
      usage: { inputTokens: 10, outputTokens: 5, cachedTokens: 0, reasoningTokens: 0 },
      deployment: "test",
    });
  };
  return { llm: createLLM({ model: "openai/m", handler, ...options }), asked };
};

const formatOf = (call: Call | undefined): JsonObject | undefined =>
  call?.body["response_format"] as JsonObject | undefined;

describe("a schema", () => {
  it("makes the reply's object, typed and validated, and is sent to the provider", async () => {
    const { llm, asked } = answering(['{"label":"pos"}']);
    const reply = await llm.chat({ prompt: "How is it?", schema: label });
    expectTypeOf(reply.object.label).toEqualTypeOf<"pos" | "neg">();
    expect(reply.object).toEqual({ label: "pos" });
    expect(formatOf(asked[0])).toMatchObject({
      type: "json_schema",
      json_schema: { name: "answer", strict: false, schema: { type: "object", additionalProperties: false } },
    });
  });

  it("is strict where every property is required", async () => {
    const { llm, asked } = answering(['{"a":1}']);
    await llm.chat({ prompt: "x", schema: z.object({ a: z.number() }) });
    expect(formatOf(asked[0])).toMatchObject({ json_schema: { strict: true } });
  });

  it("takes JSON out of a fence", async () => {
    const { llm } = answering(['Here it is:\n```json\n{"label":"neg"}\n```\n']);
    expect((await llm.chat({ prompt: "x", schema: label })).object).toEqual({ label: "neg" });
  });

  it("asks once more for an answer that does not fit, with what is wrong with it, and accounts for both", async () => {
    const { llm, asked } = answering(['{"label":"mixed"}', '{"label":"neg"}']);
    const reply = await llm.chat({ system: "Label.", prompt: "It is fine", schema: label });
    expect(reply.object).toEqual({ label: "neg" });
    expect(reply.usage).toMatchObject({ inputTokens: 20, outputTokens: 10 });
    const messages = asked[1]?.body["messages"] as JsonObject[];
    expect(messages.map(({ role }) => role)).toEqual(["system", "user", "assistant", "user"]);
    expect(messages[2]?.["content"]).toBe('{"label":"mixed"}');
    expect(messages[3]?.["content"]).toContain("$.label: ");
  });

  it("fails with code schema when the second answer does not fit either, and keeps what was said", async () => {
    const { llm, asked } = answering(["no JSON at all"]);
    await expect(llm.chat({ prompt: "x", schema: label })).rejects.toMatchObject({
      code: "schema",
      retryable: false,
      attempts: 2,
      partial: "no JSON at all",
      message: expect.stringContaining("it is not JSON") as string,
    });
    expect(asked).toHaveLength(2);
  });

  it("holds for many calls, each a result of its own", async () => {
    const { llm } = answering(['{"label":"pos"}']);
    const results = await llm.batch(["a", "b"], { schema: label });
    const [first] = results;
    expect(first?.ok === true && first.value.object.label).toBe("pos");
  });

  it("of a library that cannot tell its JSON Schema asks for JSON, and is given one by hand", async () => {
    const schema = valibot.object({ n: valibot.number() });
    const { llm, asked } = answering(['{"n":1}']);
    const reply = await llm.chat({ prompt: "x", schema });
    expectTypeOf(reply.object.n).toEqualTypeOf<number>();
    expect(formatOf(asked[0])).toEqual({ type: "json_object" });
    await llm.chat({ prompt: "x", schema, jsonSchema: { type: "object" } });
    expect(formatOf(asked[1])).toMatchObject({ json_schema: { schema: { type: "object" } } });
  });

  it("is told in words where the provider only knows JSON", async () => {
    const { llm, asked } = answering(['{"label":"pos"}'], { model: "deepseek/deepseek-chat" });
    await llm.chat({ prompt: "x", schema: label });
    const format = formatOf(asked[0]);
    expect(["json_object", "json_schema"]).toContain(format?.["type"]);
  });

  it("reads a whole body's answer too, which is not asked again", async () => {
    const { llm, asked } = answering(["{}"]);
    const body = { messages: [{ role: "user", content: "x" }] };
    await expect(llm.chat({ body, schema: label })).rejects.toMatchObject({ code: "schema" });
    expect(asked).toHaveLength(1);
  });

  it("validates a stream at its end", async () => {
    const { llm } = answering(['{"label":"pos"}']);
    let object: unknown;
    for await (const part of llm.stream({ prompt: "x", schema: label })) object = part.object ?? object;
    expect(object).toEqual({ label: "pos" });
  });
});

describe("jsonSchemaOf", () => {
  it("closes every object, however deep", () => {
    const nested = z.object({
      list: z.array(z.object({ a: z.string() })),
      either: z.union([z.object({ b: z.number() }), z.null()]),
    });
    const text = JSON.stringify(jsonSchemaOf(nested));
    expect(text.match(/"additionalProperties":false/g)).toHaveLength(3);
    expect(text).not.toContain("$schema");
  });

  it("is undefined for what no JSON Schema can say", () => {
    expect(jsonSchemaOf(z.object({ when: z.date() }))).toBeUndefined();
  });
});
