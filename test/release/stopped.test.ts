import { it } from "vitest";
import { stopped } from "../durability/stopped-process.ts";

it("counts no time against a call in which the process was stopped for 90 seconds", async (test) => {
  await stopped(test, 90_000);
});
