import { describe, expect, it } from "vitest";
import { KnownLimit } from "./known-limit.ts";

const minute = 60_000;

describe("KnownLimit", () => {
  it("keeps the lowest of figures that flap for a minute after it was last said", () => {
    const known = new KnownLimit();
    for (let now = 0; now < 10 * minute; now += 1000) {
      known.state(now, now % 2000 === 0 ? 600 : 6000);
      expect([known.value, known.source, known.isTheProviders]).toEqual([600, "header", true]);
    }
    const last = 10 * minute - 2000;
    known.state(last + minute - 1, 6000);
    expect(known.value).toBe(600);
    known.state(last + minute, 6000);
    expect(known.value).toBe(6000);
  });

  it("takes a lower figure at once", () => {
    const known = new KnownLimit();
    known.state(0, 6000);
    known.state(1, 600);
    expect(known.value).toBe(600);
  });

  it("holds what an error claims below the header's figure for ten minutes", () => {
    const known = new KnownLimit();
    known.state(0, 6000);
    known.claim(0, 600);
    expect([known.value, known.source, known.isTheProviders]).toEqual([600, "learned", false]);
    known.state(10 * minute, 6000);
    expect([known.value, known.stated]).toEqual([600, 6000]);
    known.state(10 * minute + 1, 6000);
    expect([known.value, known.source]).toEqual([6000, "header"]);
  });

  it("does not let a claim raise what a header states, nor either what is configured", () => {
    const known = new KnownLimit();
    known.state(0, 600);
    known.claim(0, 6000);
    expect([known.value, known.source]).toEqual([600, "header"]);
    known.configure(100);
    expect([known.value, known.source, known.told]).toEqual([100, "configured", 600]);
    known.configure(undefined);
    expect(known.value).toBe(600);
  });

  it("gives up a figure of an earlier run for the first that is stated in this one", () => {
    const known = new KnownLimit();
    known.recall(600);
    expect([known.value, known.source]).toEqual([600, "learned"]);
    known.state(0, 6000);
    expect([known.value, known.source]).toEqual([6000, "header"]);
  });
});
