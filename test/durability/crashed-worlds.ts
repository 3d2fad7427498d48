import { seededRng } from "../../src/time/rng.ts";
import { crashEverywhere } from "./crash-check.ts";
import { type CrashWorld, emptyDisk, playRun, worldPaths } from "./crash-world.ts";
import { type DiskImage, SimDisk } from "./sim-disk.ts";

/** How much is to be seen. */
export interface CrashedWorldsOptions {
  readonly firstSeed: number;
  readonly worlds: number;
  /** Power losses tried after each step of a run. */
  readonly seedsAStep: number;
}

/** Crashes many runs everywhere: such as begin, and such as go on after a crash. */
export const crashedWorlds = async ({
  firstSeed,
  worlds,
  seedsAStep,
}: CrashedWorldsOptions): Promise<{ readonly states: number; readonly requests: number }> => {
  let states = 0;
  let requests = 0;
  let before: DiskImage = emptyDisk;
  for (let seed = firstSeed; seed < firstSeed + worlds; seed++) {
    const world = await playRun({ seed, rows: 10 + (seed % 40), before });
    checkComplete(world, `seed ${seed}`);
    states += await crashEverywhere(world, seedsAStep);
    requests += world.ids.length;
    before = seed % 3 === 0 ? emptyDisk : crashedOnce(world, seed);
  }
  return { states, requests };
};

/** A run that came to its end has each answer once, in the order of the input. Rows that end in 7 are refused. */
const checkComplete = ({ after, ids }: CrashWorld, where: string): void => {
  const known = new Set(ids);
  const lines = after.files.get(worldPaths.output)?.toString("utf8").split("\n") ?? [];
  const found = lines
    .filter((line) => line !== "")
    .map((line) => (JSON.parse(line) as { custom_id: string }).custom_id);
  const expected = ids.filter((id) => !id.endsWith("7"));
  if (found.filter((id) => known.has(id)).join() !== expected.join())
    throw new Error(`${where}: the output has ${found.join()}`);
};

/** What one crash somewhere in a run has left: the next run begins there. */
const crashedOnce = ({ before, steps }: CrashWorld, seed: number): DiskImage => {
  const rng = seededRng(seed);
  const disk = new SimDisk(before);
  const until = Math.floor(rng() * steps.length);
  for (const step of steps.slice(0, until)) disk.apply(step);
  return rng() < 0.5 ? disk.asLeft() : disk.afterPowerLoss(rng);
};
