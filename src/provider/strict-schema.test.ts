import { expect, it } from "vitest";
import type { JsonObject } from "../call/json.ts";
import { isStrict } from "./strict-schema.ts";

const holding = (value: JsonObject, more: JsonObject = {}): JsonObject => ({
  type: "object",
  properties: { value },
  required: ["value"],
  additionalProperties: false,
  ...more,
});

it.each<[boolean, JsonObject]>([
  [true, { type: "string", format: "email", pattern: "^a+$" }],
  [true, { anyOf: [{ type: "number", minimum: 1 }, { type: "null" }] }],
  [true, { type: "array", items: { $ref: "#" } }],
  [true, { enum: ["default", "not"] }],
  [true, holding({ type: "string" }, { required: ["value"] })],
  [false, { type: "string", format: "uri" }],
  [false, { type: "string", pattern: "^(?!a)" }],
  [false, { type: "string", default: "x" }],
  [false, { oneOf: [{ type: "string" }] }],
  [false, { type: "array", prefixItems: [{ type: "string" }], items: false }],
  [false, { type: "object", additionalProperties: { type: "number" } }],
  [false, holding({ type: "string" }, { required: [] })],
  [false, {}],
])("OpenAI's strict mode, %j, takes a property %j", (strict, value) => {
  expect(isStrict(holding(value))).toBe(strict);
});

it("looks into what is defined beside the schema", () => {
  expect(isStrict(holding({ $ref: "#/$defs/a" }, { $defs: { a: { type: "string", format: "uri" } } }))).toBe(false);
});

it("takes properties that are named like keywords", () => {
  const properties = { default: { type: "string" }, oneOf: { type: "string" } };
  expect(isStrict({ type: "object", properties, required: Object.keys(properties), additionalProperties: false })).toBe(
    true,
  );
});
