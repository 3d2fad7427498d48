import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { jsonFault } from "./json-fault.ts";

const parses = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

describe("jsonFault", () => {
  it.each([
    ['{"a":1,}', 7, "unexpected }"],
    ["{'a':1}", 1, "unexpected '"],
    ['{"a":nul}', 5, "unexpected n"],
    ['{"a":01}', 5, "unexpected 0"],
    ['["a" "b"]', 5, 'unexpected "'],
    ['{"a":1}}', 7, "unexpected }"],
    ['{"a":[1}', 7, "unexpected }"],
    ['{"a":"x\ty"}', 7, "unexpected control character"],
    ['{"a":"\\x"}', 7, "unexpected x"],
    ['{"a":"😀" 😀}', 10, "unexpected 😀"],
    ['{"a":"open', 10, "the line ends too early"],
    ['{"a":', 5, "the line ends too early"],
    ["", 0, "the line ends too early"],
  ])("points at the fault of %j", (text, position, remark) => {
    expect(jsonFault(text)).toEqual({ position, remark });
  });

  it("finds a fault exactly where JSON.parse does", () => {
    const damaged = fc.tuple(
      fc.json(),
      fc.nat(),
      fc.constantFrom("", "}", "]", ",", '"', "\\", "x", "0", "\n", ":", "-"),
    );
    fc.assert(
      fc.property(damaged, ([json, place, mark]) => {
        const at = place % (json.length + 1);
        const text = json.slice(0, at) + mark + json.slice(at + (place % 2));
        expect(jsonFault(text) === undefined).toBe(parses(text));
      }),
      { numRuns: 2000 },
    );
  });

  it("does not overflow on a string of megabytes", () => {
    expect(jsonFault(`["${"x".repeat(5_000_000)}",]`)?.remark).toBe("unexpected ]");
  });
});
