import { expect, it } from "vitest";
import { killChains } from "../fixtures/kill-chains.ts";

it("loses no answer and pays for none twice but those in flight, killed at any system call, while it recovers too", async () => {
  const tally = await killChains({ kills: 20, seed: 1 });
  console.log(tally);
  expect(tally.inRecovery).toBeGreaterThanOrEqual(10);
  expect(tally.reported).toBeGreaterThanOrEqual(tally.paidTwice);
});
