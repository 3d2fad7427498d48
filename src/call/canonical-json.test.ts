import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalJson } from "./canonical-json.ts";
import type { JsonObject, JsonValue } from "./json.ts";

const reversed = (value: JsonValue): JsonValue => {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return (value as readonly JsonValue[]).map(reversed);
  const fields = Object.entries(value as JsonObject).map(([key, field]) => [key, reversed(field ?? null)] as const);
  return Object.fromEntries(fields.toReversed());
};

describe("canonicalJson", () => {
  it("is the same for equal values, whatever the order of their keys, and reads back as the value", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = canonicalJson(value as JsonValue);
        expect(canonicalJson(reversed(value as JsonValue))).toBe(text);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it("leaves out what is undefined, and keeps the order of lists", () => {
    expect(canonicalJson({ b: [2, 1], a: undefined, "1": null })).toBe('{"1":null,"b":[2,1]}');
  });

  it("tells two dates apart, as the wire does", () => {
    const at = (ms: number): JsonObject => ({ at: new Date(ms) as unknown as string });
    expect(canonicalJson(at(0))).toBe('{"at":"1970-01-01T00:00:00.000Z"}');
    expect(canonicalJson(at(1))).not.toBe(canonicalJson(at(0)));
  });
});
