import { expect, it } from "vitest";
import { killChains } from "../fixtures/kill-chains.ts";

it("loses no answer and pays for none twice but those in flight, killed at any system call, of its recovery too", async () => {
  const { kills, inRecovery, mostLost, paidTwice, reported } = await killChains({ kills: 200, seed: Date.now() % 1e6 });
  expect(kills).toBeGreaterThanOrEqual(200);
  expect(inRecovery).toBeGreaterThanOrEqual(60);
  expect(mostLost).toBeLessThanOrEqual(6);
  expect(reported).toBeGreaterThanOrEqual(paidTwice);
}, 600_000);
