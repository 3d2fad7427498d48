import { liveThrough } from "./client-world.ts";
import { failedWorld } from "./seeds.ts";
import { planOf } from "./world-plan.ts";

/** Lives through one world for each seed; what is said of those that broke their laws, nothing where none did. */
export const liveThroughSeeds = async (seeds: readonly number[]): Promise<string> => {
  const failures: string[] = [];
  for (const seed of seeds) {
    const plan = planOf(seed);
    const { violations } = await liveThrough(plan).catch((error: unknown) => ({ violations: [String(error)] }));
    if (violations.length > 0) failures.push(failedWorld(seed, plan, violations));
  }
  return failures.join("\n\n");
};
