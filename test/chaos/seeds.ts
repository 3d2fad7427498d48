import { appendFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { WorldPlan } from "./world-plan.ts";
import saved from "./seeds.json" with { type: "json" };

/** Which worlds to look at: the one that is asked for, or those that once failed and then `count` more. */
export const seedsFor = (count: number, first = 1): readonly number[] => {
  const asked = askedSeed();
  if (asked !== undefined) return [asked];
  return [...new Set([...saved, ...Array.from({ length: count }, (_, index) => first + index)])];
};

/** Whether one seed is being replayed. */
export const askedSeed = (): number | undefined => {
  const text = process.env["SLUICE_SEED"];
  if (text === undefined || text === "") return undefined;
  const seed = Number(text);
  if (!Number.isSafeInteger(seed)) throw new RangeError(`Cannot replay: SLUICE_SEED must be an integer, got ${text}`);
  return seed;
};

/** A failed world, with all that it takes to see it again. */
export const failedWorld = (seed: number, plan: WorldPlan, violations: readonly string[]): string => {
  const file = join(tmpdir(), "sluice-failing-seeds.jsonl");
  appendFileSync(file, `${JSON.stringify({ seed, violations, plan })}\n`);
  const story = violations.map((violation) => `  ${violation}`).join("\n");
  return `world ${seed} broke its laws:\n${story}\n  plan: ${JSON.stringify({ ...plan, calls: plan.calls.length })}\n  again: SLUICE_SEED=${seed} npm run test:chaos\n  noted in ${file}; add the seed to test/chaos/seeds.json to have it run first from now on`;
};
