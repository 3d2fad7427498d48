import { describe, expect, it } from "vitest";
import { crashEverywhere } from "./crash-check.ts";
import { playRun } from "./crash-world.ts";

describe("a run on a disk that may fail at any moment", () => {
  it("loses no promised answer, takes no wrong one, and recovers as often as it must", async () => {
    const started = performance.now();
    let states = 0;
    for (let seed = 1; seed <= 1; seed++) {
      const world = await playRun({ seed, rows: 30 });
      states += await crashEverywhere(world, 32);
      console.log(states, world.steps.length, performance.now() - started);
    }
    expect(states).toBeGreaterThan(1000);
  });
});
