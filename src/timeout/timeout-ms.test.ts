import { describe, expect, it } from "vitest";
import { timeoutMs } from "./timeout-ms.ts";

describe("timeoutMs", () => {
  it("has a default for each clock, and keeps what is not named", () => {
    const defaults = { attemptMs: 600_000, firstContentMs: 120_000, idleMs: 60_000, totalMs: 1_800_000 };
    expect(timeoutMs()).toEqual(defaults);
    expect(timeoutMs({ idle: "5s", total: "none" })).toEqual({ ...defaults, idleMs: 5000, totalMs: Infinity });
    expect(timeoutMs({ attempt: 20, firstContent: 10 }, { ...defaults, totalMs: 7 })).toEqual({
      ...defaults,
      attemptMs: 20,
      firstContentMs: 10,
      totalMs: 7,
    });
  });

  it("names the clock that is wrong", () => {
    expect(() => timeoutMs({ firstContent: 0 })).toThrow('Cannot use "timeout.firstContent"');
    expect(() => timeoutMs({ total: NaN })).toThrow('Cannot use "timeout.total"');
  });
});
