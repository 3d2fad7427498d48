import { expect, it } from "vitest";
import { liveThroughSeeds } from "./live-through-seeds.ts";
import { seedsFor } from "./seeds.ts";

/** Each world checks P1, P5, P6, P13, P15 and P19 as it goes. */
it("the client never starts more than is allowed, ends each call once, and leaks nothing, whatever the world is like", async () => {
  expect(await liveThroughSeeds(seedsFor(150))).toBe("");
});
