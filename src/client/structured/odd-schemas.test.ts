import { describe, expect, it } from "vitest";
import { z } from "zod";
import type { Call } from "../../call/call.ts";
import type { Handler } from "../../call/handler.ts";
import type { JsonObject } from "../../call/json.ts";
import type { StandardSchema } from "../../call/standard-schema.ts";
import { createLLM } from "../create-llm.ts";
import type { LLM } from "../llm.ts";
import { answerSchema } from "./answer-schema.ts";

interface Choice {
  readonly finish_reason?: string;
  readonly message: JsonObject;
}

const says = (content: string): Choice => ({ message: { role: "assistant", content } });

/** A client whose model makes these choices, one after the other. */
const choosing = (...choices: readonly Choice[]): { llm: LLM; asked: Call[] } => {
  const asked: Call[] = [];
  const handler: Handler = (call) => {
    const choice = choices[Math.min(asked.length, choices.length - 1)];
    asked.push(call);
    return Promise.resolve({
      status: 200,
      body: { choices: [{ index: 0, finish_reason: "stop", ...choice }] },
      deployment: "test",
    });
  };
  return { llm: createLLM({ model: "openai/m", handler }), asked };
};

const sentSchema = (call: Call | undefined): unknown =>
  (call?.body["response_format"] as { readonly json_schema?: { readonly schema: unknown } } | undefined)?.json_schema
    ?.schema;

const list = z.array(z.string());
const kind = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("a") }),
  z.object({ kind: z.literal("b"), n: z.number() }),
]);

describe("a schema of no object", () => {
  it("is asked for in an object, which providers want, and comes without it", async () => {
    const { llm, asked } = choosing(says('{"answer":["Rhine","Elbe"]}'));
    expect((await llm.chat({ prompt: "x", schema: list })).object).toEqual(["Rhine", "Elbe"]);
    expect(sentSchema(asked[0])).toMatchObject({
      type: "object",
      properties: { answer: { type: "array", items: { type: "string" } } },
      required: ["answer"],
      additionalProperties: false,
    });
  });

  it.each<[string, StandardSchema, string, unknown]>([
    ["a list that comes bare", list, '["Rhine"]', ["Rhine"]],
    ["a number", z.number(), '{"answer":7}', 7],
    ["one of several objects", kind, '{"answer":{"kind":"b","n":1}}', { kind: "b", n: 1 }],
    ["one of several objects that comes bare", kind, '{"kind":"a"}', { kind: "a" }],
  ])("takes %s", async (_, schema, answer, object) => {
    const { llm } = choosing(says(answer));
    expect((await llm.chat({ prompt: "x", schema })).object).toEqual(object);
  });

  it("is wrapped too where its JSON Schema is given by hand, but not in a whole body", async () => {
    const { llm, asked } = choosing(says('{"answer":[]}'), says("[]"));
    await llm.chat({ prompt: "x", schema: list, jsonSchema: { type: "array" } });
    expect(sentSchema(asked[0])).toMatchObject({ type: "object", properties: { answer: { type: "array" } } });
    expect((await llm.chat({ body: { messages: [] }, schema: list })).object).toEqual([]);
  });

  it("still refers to itself", () => {
    const tree: z.ZodType = z.lazy(() => z.union([z.string(), z.array(tree)]));
    expect(answerSchema(tree, undefined).schema).toMatchObject({
      properties: { answer: { anyOf: [{ type: "string" }, { items: { $ref: "#/properties/answer" } }] } },
    });
    const given = { type: "array", items: { $ref: "#/$defs/a" }, $defs: { a: { type: "string" } } };
    expect(answerSchema(list, given).schema).toMatchObject({
      properties: { answer: { items: { $ref: "#/$defs/a" } } },
      $defs: { a: { type: "string" } },
    });
  });
});

describe("an answer that has no JSON", () => {
  const schema = z.object({ n: z.number() });
  it.each<[string, Choice, string, RegExp]>([
    ["was cut", { ...says('{"n'), finish_reason: "length" }, "schema", /finish reason length/],
    ["was filtered", { ...says(""), finish_reason: "content_filter" }, "content_filter", /refused/],
    ["is a refusal", { message: { content: null, refusal: "I will not." } }, "content_filter", /I will not\./],
    ["calls a tool", { message: { content: null }, finish_reason: "tool_calls" }, "schema", /tools/],
  ])("because it %s is not paid for again", async (_, choice, code, message) => {
    const { llm, asked } = choosing(choice);
    await expect(llm.chat({ prompt: "x", schema })).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message) as string,
    });
    expect(asked).toHaveLength(1);
  });

  it("because nothing was said is asked for again, without an empty message", async () => {
    const { llm, asked } = choosing(says(" \n"), says('{"n":1}'));
    expect((await llm.chat({ prompt: "x", schema })).object).toEqual({ n: 1 });
    expect(JSON.stringify(asked[1]?.body)).toContain("(empty)");
  });
});

describe("a schema of the caller's", () => {
  it("that throws has found the answer wrong", async () => {
    const { llm, asked } = choosing(says('{"url":"nowhere"}'), says('{"url":"http://a.example/"}'));
    const schema = z.object({ url: z.string().transform((url) => new URL(url)) });
    const { object } = await llm.chat({ prompt: "x", schema });
    expect(object.url.host).toBe("a.example");
    expect(JSON.stringify(asked[1]?.body)).toContain("Invalid URL");
  });

  it("that takes its time, fills in and transforms makes the object", async () => {
    const { llm } = choosing(says('{"n":"4"}'));
    const schema = z.object({
      n: z.string().transform(async (n) => Promise.resolve(Number(n))),
      by: z.string().default("us"),
    });
    expect((await llm.chat({ prompt: "x", schema })).object).toEqual({ n: 4, by: "us" });
  });

  it("that is none is said to be none, before anything is asked", async () => {
    const { llm, asked } = choosing(says("{}"));
    const schema = { type: "object" } as unknown as StandardSchema;
    await expect(llm.chat({ prompt: "x", schema })).rejects.toThrow('"jsonSchema"');
    expect(asked).toHaveLength(0);
  });

  it("is translated once for all its calls", () => {
    expect(answerSchema(kind, undefined)).toBe(answerSchema(kind, undefined));
  });
});
