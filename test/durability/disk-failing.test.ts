import { expect, it } from "vitest";
import { failingSyncs } from "../fixtures/failing-syncs.ts";

it("ends the run when the disk cannot sync, sends nothing more and never syncs again", async () => {
  const { met, mostSentAfter } = await failingSyncs({ from: 1, to: 12 });
  expect(met).toBeGreaterThanOrEqual(9);
  expect(mostSentAfter).toBeLessThanOrEqual(6);
});
