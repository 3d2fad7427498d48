import { describe, expect, it } from "vitest";
import { crashedWorlds } from "./crashed-worlds.ts";

describe("a run on a disk that may fail at any moment", () => {
  it(
    "loses no promised answer, takes no wrong one, and recovers as often as it must",
    { timeout: 600_000 },
    async () => {
      // Release runs see other seeds, and more of them: see test/release.
      const { states, requests } = await crashedWorlds({ firstSeed: 1, worlds: 40, seedsAStep: 8 });
      expect(states).toBeGreaterThan(50_000);
      expect(requests).toBeGreaterThan(1000);
    },
  );
});
