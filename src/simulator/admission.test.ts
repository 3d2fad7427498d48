import { describe, expect, it } from "vitest";
import { admit } from "./admission.ts";
import { quotaBucket } from "./quota-bucket.ts";

const account = () => ({
  requests: quotaBucket({ limit: 60, burstMs: 3_000, startAt: 0 }),
  tokens: quotaBucket({ limit: 600, startAt: 0 }),
  maxConcurrent: 5,
});

describe("admit", () => {
  it("charges one request and all the tokens of a call that it admits", () => {
    const { requests, tokens } = account();
    expect(admit({ requests, tokens }, { now: 0, tokens: 100, inFlight: 0 })).toBeUndefined();
    expect([requests.level(0), tokens.level(0)]).toEqual([2, 500]);
  });

  it("charges a request, but no tokens, for a call that it refuses", () => {
    const { requests, tokens } = account();
    const refused = admit({ requests, tokens }, { now: 0, tokens: 601, inFlight: 0 });
    expect(refused).toMatchObject({ reason: "too-large", limit: 600, requested: 601 });
    expect(refused).not.toHaveProperty("waitMs");
    expect([requests.level(0), tokens.level(0)]).toEqual([2, 600]);
  });

  it("never lets a hammering client in, but serves it one request's time after it stops", () => {
    const { requests } = account();
    requests.charge(0, 3);
    for (let now = 100; now < 10_000; now += 100) {
      expect(admit({ requests }, { now, tokens: 1, inFlight: 0 })).toMatchObject({ reason: "requests", waitMs: 1000 });
    }
    expect(admit({ requests }, { now: 10_900, tokens: 1, inFlight: 0 })).toBeUndefined();
  });

  it("says how long the tokens take", () => {
    const { tokens } = account();
    tokens.charge(0, 600);
    expect(admit({ tokens }, { now: 0, tokens: 30, inFlight: 0 })).toEqual({
      reason: "tokens",
      limit: 600,
      used: 600,
      requested: 30,
      waitMs: 3000,
    });
  });

  it("refuses one call more than the cap and does not guess when there is room", () => {
    const { maxConcurrent } = account();
    expect(admit({ maxConcurrent }, { now: 0, tokens: 1, inFlight: 4 })).toBeUndefined();
    expect(admit({ maxConcurrent }, { now: 0, tokens: 1, inFlight: 5 })).toEqual({
      reason: "concurrency",
      limit: 5,
      used: 5,
      requested: 1,
    });
  });
});
