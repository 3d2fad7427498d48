import { expect, it } from "vitest";
import { liveThroughSeeds } from "../live-through-seeds.ts";
import { seedsFor } from "../seeds.ts";

it("the client keeps its laws in worlds that nobody has seen before", async () => {
  const first = Math.floor(Date.now() / 1000);
  console.log(`worlds ${first} to ${first + 2999}`);
  expect(await liveThroughSeeds(seedsFor(3000, first))).toBe("");
});
