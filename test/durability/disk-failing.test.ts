import { expect, it } from "vitest";
import { failingSyncs } from "../fixtures/failing-syncs.ts";

it("ends the run when the disk cannot sync, sends nothing more and never syncs again", async () => {
  const { met, mostSentAfter } = await failingSyncs({ from: 1, to: 12 });
  expect(met).toBeGreaterThanOrEqual(9);
  // What was in flight, and what leaves in the moment until the process hears of it.
  expect(mostSentAfter).toBeLessThanOrEqual(12);
});
