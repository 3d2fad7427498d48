import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { durationMs } from "./duration.ts";

describe("durationMs", () => {
  it.each([
    ["500ms", 500],
    ["3s", 3000],
    ["1.5s", 1500],
    ["2m", 120_000],
    ["0.5h", 1_800_000],
    [" 10m ", 600_000],
    [250, 250],
    [1.5, 1.5],
  ] as const)("reads %j as %d milliseconds", (value, expected) => {
    expect(durationMs(value, '"wait"')).toBe(expected);
  });

  it("reads any number in any unit", () => {
    const units = fc.constantFrom(["ms", 1], ["s", 1000], ["m", 60_000], ["h", 3_600_000]);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000_000 }), units, (amount, [unit, ms]) => {
        expect(durationMs(`${amount}${unit}`, '"wait"')).toBe(amount * Number(ms));
      }),
    );
  });

  it.each(["", "5", "5 s", "-1s", "1d", "s", "1e3ms", "0s", "0.4ms", 0, -5, 0.5, NaN, Infinity])(
    "refuses %j and says what it wants",
    (value) => {
      const shown = typeof value === "string" ? `"${value}"` : String(value);
      expect(() => durationMs(value, '"timeout.idle"')).toThrow(
        new RangeError(
          `Cannot use "timeout.idle": it must be a duration such as '500ms', '3s', '2m' or '1h', got ${shown}`,
        ),
      );
    },
  );
});
