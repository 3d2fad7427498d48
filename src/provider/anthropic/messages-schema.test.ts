import { expect, it } from "vitest";
import type { JsonObject } from "../../call/json.ts";
import { knownVendor } from "../known-vendor.ts";
import { wireFormat } from "../wire-formats.ts";
import { messagesSchema } from "./messages-schema.ts";

const object = (properties: JsonObject): JsonObject => ({ type: "object", properties, additionalProperties: false });

it("turns what the API refuses into words, and keeps the rest", () => {
  const schema = object({
    n: { type: "integer", minimum: 0, description: "How many" },
    list: { type: "array", items: { type: "string", maxLength: 9, format: "uri" }, minItems: 2 },
    kind: { oneOf: [{ const: "a" }, { enum: ["b"] }] },
    minimum: { type: "string", format: "phone" },
  });
  expect(messagesSchema(schema)).toEqual(
    object({
      n: { type: "integer", description: 'How many\n\n{"minimum":0}' },
      list: {
        type: "array",
        items: { type: "string", format: "uri", description: '{"maxLength":9}' },
        description: '{"minItems":2}',
      },
      kind: { anyOf: [{ const: "a" }, { enum: ["b"] }] },
      minimum: { type: "string", description: '{"format":"phone"}' },
    }),
  );
});

it.each<[string, JsonObject]>([
  ["contains itself", object({ kids: { type: "array", items: { $ref: "#" } } })],
  [
    "contains itself somewhere",
    { ...object({ a: { $ref: "#/$defs/a" } }), $defs: { a: object({ b: { $ref: "#/$defs/a" } }) } },
  ],
  ["is open", { type: "object", additionalProperties: { type: "number" } }],
  ["has a tuple", object({ pair: { type: "array", prefixItems: [{ type: "string" }], items: false } })],
  ["takes anything", object({ any: {} })],
])("puts a schema into words that %s, which the API cannot hold an answer to", (_, schema) => {
  expect(messagesSchema(schema)).toBeUndefined();
  const asked = { prompt: "x", answer: { name: "answer", schema } };
  const body = wireFormat("messages").encode?.(asked, "m", knownVendor("anthropic"));
  expect(body).not.toHaveProperty("output_config");
  expect(body?.["system"]).toContain("Answer with JSON that fits this JSON Schema");
});

it("keeps definitions that end", () => {
  const schema = {
    ...object({ a: { $ref: "#/$defs/a" }, b: { $ref: "#/$defs/a" } }),
    $defs: { a: { type: "string" } },
  };
  expect(messagesSchema(schema)).toEqual(schema);
});
