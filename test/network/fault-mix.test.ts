import { it } from "vitest";
import { expectGoodput, mixedRun } from "./fault-mix.ts";
import { expectNothingLeft } from "./network-client.ts";

expectNothingLeft();

it("N16 loses none of 1000 calls to a mix of all faults, and little time", async () => {
  const good = await mixedRun(1000, false);
  const bad = await mixedRun(1000, true);
  expectGoodput(bad, good, 1000);
});
