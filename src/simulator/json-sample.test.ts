import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { seededRng } from "../time/rng.ts";
import { jsonSample } from "./json-sample.ts";

const sample = (schema: object, seed = 1): unknown =>
  jsonSample(JSON.parse(JSON.stringify(schema)), () => "a long enough text", seededRng(seed));

describe("jsonSample", () => {
  it("makes every property of an object, nested ones too", () => {
    const schema = {
      type: "object",
      properties: {
        name: { type: "string" },
        place: { type: "object", properties: { km: { type: "number" }, open: { type: "boolean" } } },
        nothing: { type: "null" },
      },
    };
    expect(sample(schema)).toEqual({
      name: "a long enough text",
      place: { km: expect.any(Number), open: expect.any(Boolean) },
      nothing: null,
    });
  });

  it("keeps to constants and choices", () => {
    const schema = { properties: { kind: { const: "lock" }, size: { enum: ["small", "large"] } } };
    const seen = new Set(Array.from({ length: 20 }, (_, seed) => JSON.stringify(sample(schema, seed))));
    expect(seen).toEqual(new Set(['{"kind":"lock","size":"small"}', '{"kind":"lock","size":"large"}']));
  });

  it("keeps to the bounds of numbers", () => {
    fc.assert(
      fc.property(fc.integer({ min: -1e6, max: 1e6 }), fc.nat({ max: 1000 }), fc.nat(), (minimum, span, seed) => {
        const maximum = minimum + span;
        for (const type of ["integer", "number"]) {
          const value = Number(sample({ type, minimum, maximum }, seed));
          expect(value).toBeGreaterThanOrEqual(minimum);
          expect(value).toBeLessThanOrEqual(maximum);
          expect(type === "number" || Number.isInteger(value)).toBe(true);
        }
        const inside = { type: "integer", exclusiveMinimum: minimum - 1, exclusiveMaximum: maximum + 1 };
        expect(Number(sample(inside, seed))).toBeGreaterThanOrEqual(minimum);
        expect(Number(sample(inside, seed))).toBeLessThanOrEqual(maximum);
      }),
    );
  });

  it("keeps to the lengths of texts and lists, also where they are written as text", () => {
    const schema = {
      type: "OBJECT",
      properties: {
        short: { type: "STRING", maxLength: "4" },
        long: { type: "STRING", minLength: 30 },
        list: { type: "ARRAY", items: { type: "INTEGER" }, minItems: "2", maxItems: "3" },
      },
    };
    for (let seed = 0; seed < 20; seed++) {
      const { list, ...texts } = sample(schema, seed) as { list: unknown[] };
      expect(texts).toEqual({ short: "a lo", long: "a long enough text............" });
      expect([2, 3]).toContain(list.length);
      expect(list.every(Number.isInteger)).toBe(true);
    }
  });

  it("follows references, branches and parts", () => {
    const schema = {
      $defs: { depth: { type: "integer", minimum: 7, maximum: 7 } },
      allOf: [
        { properties: { depth: { $ref: "#/$defs/depth" } } },
        { properties: { name: { anyOf: [{ const: "a" }, { const: "a" }] } } },
      ],
    };
    expect(sample(schema)).toEqual({ depth: 7, name: "a" });
    expect(sample({ type: ["null", "boolean"] })).toEqual(expect.any(Boolean));
    expect(sample({ type: "array", prefixItems: [{ const: 1 }, { const: 2 }] })).toEqual([1, 2]);
    expect(sample({ type: "string", format: "date" })).toMatch(/^\d{4}-\d\d-\d\d$/);
  });

  it("comes to an end in a schema that contains itself", () => {
    const node = { type: "object", properties: { children: { type: "array", items: { $ref: "#" } } } };
    expect(JSON.stringify(sample(node)).length).toBeLessThan(100_000);
    const either = { properties: { next: { anyOf: [{ $ref: "#" }, { type: "null" }] } }, required: ["next"] };
    for (let seed = 0; seed < 20; seed++) expect(JSON.stringify(sample(either, seed))).toContain('"next":null');
    expect(sample({ $ref: "#" })).toBeNull();
  });
});
