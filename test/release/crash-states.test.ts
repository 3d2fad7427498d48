import { describe, expect, it } from "vitest";
import { crashedWorlds } from "../durability/crashed-worlds.ts";

describe("a run on a disk that may fail at any moment", () => {
  it("loses nothing in a million crashes, whatever the seed", { timeout: 3_600_000 }, async () => {
    const firstSeed = Math.floor(Math.random() * 2 ** 30);
    const { states } = await crashedWorlds({ firstSeed, worlds: 260, seedsAStep: 32 }).catch((error: unknown) => {
      throw new Error(`the first seed was ${firstSeed}`, { cause: error });
    });
    expect(states).toBeGreaterThan(1_000_000);
  });
});
