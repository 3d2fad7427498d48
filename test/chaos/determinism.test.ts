import { expect, it } from "vitest";
import { liveThrough } from "./client-world.ts";
import { seedsFor } from "./seeds.ts";
import { planOf } from "./world-plan.ts";

it("P16: goes the same way again from the same seed", async () => {
  const seeds = seedsFor(25, 5001);
  const hashes = new Set<string>();
  for (const seed of seeds) {
    const once = await liveThrough(planOf(seed));
    const again = await liveThrough(planOf(seed));
    expect([again.hash, again.endedAt, again.starts], `world ${seed}`).toEqual([once.hash, once.endedAt, once.starts]);
    hashes.add(once.hash);
  }
  expect(hashes.size).toBe(seeds.length);
});
