import { describe, expect, it } from "vitest";
import { crashedWorlds } from "./crashed-worlds.ts";

describe("a run on a disk that may fail at any moment", () => {
  it(
    "loses no promised answer, takes no wrong one, and recovers as often as it must",
    { timeout: 600_000 },
    async () => {
      const { states, requests } = await crashedWorlds({ firstSeed: 1001, worlds: 44, seedsAStep: 8 });
      // Both files of this kind together: a hundred thousand states.
      expect(states).toBeGreaterThan(50_000);
      expect(requests).toBeGreaterThan(1000);
    },
  );
});
