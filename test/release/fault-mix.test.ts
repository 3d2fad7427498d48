import { it } from "vitest";
import { expectGoodput, mixedRun } from "../network/fault-mix.ts";

it("N16 loses none of 50,000 calls to a mix of all faults, and little time", async () => {
  const good = await mixedRun(50_000, false);
  const bad = await mixedRun(50_000, true);
  expectGoodput(bad, good, 50_000);
});
