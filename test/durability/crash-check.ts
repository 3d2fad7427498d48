import { readProgress, type Progress } from "../../src/run/resume/resume.ts";
import { seededRng } from "../../src/time/rng.ts";
import { type CrashWorld, linesOf, meaningOf, worldPaths } from "./crash-world.ts";
import { type DiskImage, type DiskStep, SimDisk } from "./sim-disk.ts";
import { SimFs } from "./sim-fs.ts";

/** What must and what may be found after a crash. */
interface Expectation {
  /** Rows whose answers were promised. */
  readonly promised: ReadonlySet<string>;
  /** Every line that was ever written, by row. */
  readonly written: ReadonlyMap<string, string>;
  /** Rows whose requests had left. */
  readonly sent: ReadonlySet<string>;
}

const journal = `${worldPaths.folder}/journal`;

/** Crashes a run after each of its steps: once as a kill leaves it, `seeds` times as a power loss may. Returns how many crashes it saw. */
export const crashEverywhere = async (world: CrashWorld, seeds: number): Promise<number> => {
  const disk = new SimDisk(world.before);
  const watched = new Promises(world, await foundBefore(world));
  let states = 0;
  for (const [at, step] of world.steps.entries()) {
    disk.apply(step);
    watched.hear(step);
    const { written, sent, accepted } = watched;
    await check(world, disk.asLeft(), { written, sent, promised: new Set(accepted) }, `step ${at}, killed`);
    states += 1;
    for (let seed = 0; seed < seeds; seed++) {
      const rng = seededRng(at * 1009 + seed);
      const image = disk.afterPowerLoss(rng);
      const expected = { written: watched.written, promised: watched.durable, sent: noRows };
      const where = `step ${at} of seed ${seed}`;
      const steps = await check(world, image, expected, where);
      states += 1;
      if (seed % 16 === 0) states += await crashAgain(world, image, steps, expected, where);
    }
  }
  return states;
};

const noRows: ReadonlySet<string> = new Set();

/** Recovery is interrupted, too. */
const crashAgain = async (
  world: CrashWorld,
  image: DiskImage,
  steps: readonly DiskStep[],
  expected: Expectation,
  where: string,
): Promise<number> => {
  const disk = new SimDisk(image);
  const whole = new SimDisk(image);
  for (const step of steps) whole.apply(step);
  const again = await check(world, whole.asLeft(), expected, `${where}, recovered`);
  const changes = again.filter((step) => step.kind === "truncate" && !step.path.endsWith(".tmp"));
  if (changes.length > 0) throw new Error(`${where}: a second recovery repairs something again`);
  for (const [at, step] of steps.entries()) {
    disk.apply(step);
    await check(world, disk.afterPowerLoss(seededRng(at)), expected, `${where}, and again at step ${at} of recovery`);
  }
  return steps.length;
};

/** The answers that earlier runs have left, as recovery finds them. */
const foundBefore = async (world: CrashWorld): Promise<ReadonlyMap<string, string>> => {
  const fs = new SimFs(world.before);
  if (!fs.disk.folders.has(worldPaths.folder)) return new Map();
  await recovered(fs, world, "before");
  return linesOf(fs.disk.names.get(worldPaths.output)?.current.toString("utf8") ?? "");
};

/** What was promised so far: to a process that is killed, and to a machine whose power fails. */
class Promises {
  readonly #world: CrashWorld;
  readonly written = new Map<string, string>();
  readonly accepted = new Set<string>();
  readonly sent = new Set<string>();
  durable: ReadonlySet<string> = new Set();
  #syncing: ReadonlySet<string> = new Set();

  constructor(world: CrashWorld, before: ReadonlyMap<string, string>) {
    this.#world = world;
    for (const [id, line] of before) {
      this.written.set(id, line);
      this.accepted.add(id);
    }
    this.durable = new Set(this.accepted);
  }

  hear(step: DiskStep): void {
    const { accepted, sent, unpaid } = meaningOf(step, this.#world);
    for (const [id, line] of accepted) {
      this.written.set(id, line);
      this.accepted.add(id);
      this.sent.delete(id);
    }
    for (const id of sent) this.sent.add(id);
    for (const id of unpaid) this.sent.delete(id);
    if (step.kind !== "sync") return;
    if (step.path === worldPaths.output) this.#syncing = new Set(this.accepted);
    // An answer counts as durable when it is, and the journal knows it.
    if (step.path === journal) this.durable = this.#syncing;
  }
}

const check = async (
  world: CrashWorld,
  image: DiskImage,
  expected: Expectation,
  where: string,
): Promise<readonly DiskStep[]> => {
  const steps: DiskStep[] = [];
  const fs = new SimFs(image, (step) => steps.push(step));
  if (!fs.disk.folders.has(worldPaths.folder)) return steps;
  const found = await recovered(fs, world, where);
  const lines = linesOf(fs.disk.names.get(worldPaths.output)?.current.toString("utf8") ?? "");
  for (const [row, id] of world.ids.entries()) {
    const isDone = found.done.has(row);
    if (expected.promised.has(id) && !isDone) throw new Error(`${where}: the answer of ${id} was lost`);
    if (isDone !== lines.has(id)) throw new Error(`${where}: ${id} counts as ${isDone ? "done" : "not done"}`);
    if (isDone && lines.get(id) !== expected.written.get(id)) throw new Error(`${where}: the answer of ${id} is wrong`);
    if (expected.sent.has(id) && !isDone && found.payments.debtOf(row) === undefined)
      throw new Error(`${where}: nobody knows that ${id} may have been paid for`);
  }
  return steps;
};

const recovered = async (fs: SimFs, { index }: CrashWorld, where: string): Promise<Progress> => {
  try {
    return await readProgress({
      fs,
      paths: worldPaths,
      journal,
      index,
      retryErrors: "retryable",
      signal: never,
      warn: () => {},
    });
  } catch (error) {
    throw new Error(`${where}: recovery failed`, { cause: error });
  }
};

const never = new AbortController().signal;
