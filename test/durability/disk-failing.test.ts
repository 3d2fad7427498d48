import { describe, expect, it } from "vitest";
import { failingSyncs } from "../fixtures/failing-syncs.ts";

describe("a disk that fails", () => {
  it("ends the run when it cannot sync, sends nothing more and never syncs again", async () => {
    const tally = await failingSyncs({ from: 1, to: 12 });
    console.log(tally);
    expect(tally.met).toBeGreaterThanOrEqual(9);
  });
});
