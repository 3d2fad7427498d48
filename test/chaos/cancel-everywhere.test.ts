import { getEventListeners } from "node:events";
import { describe, expect, it } from "vitest";
import { createLLM } from "../../src/client/create-llm.ts";
import { createVirtualProvider } from "../../src/simulator/virtual-provider.ts";
import { followerCount } from "../../src/time/on-abort.ts";
import { seededRng } from "../../src/time/rng.ts";
import { VirtualClock } from "../../src/time/virtual-clock.ts";
import { AttemptWatch } from "./attempt-watch.ts";
import { CountedClock } from "./counted-clock.ts";
import { runDry, settled } from "./drive.ts";
import { Violations } from "./violations.ts";

const callCount = 6;

/** A small world in which everything happens: waiting, 429s, faults, retries, streams. */
class SmallWorld {
  readonly clock: VirtualClock = new VirtualClock();
  readonly counted: CountedClock = new CountedClock(this.clock);
  readonly violations: Violations = new Violations();
  readonly watch: AttemptWatch = new AttemptWatch(this.clock, this.violations);
  readonly controllers: readonly AbortController[] = Array.from({ length: callCount }, () => new AbortController());
  readonly endings: string[] = [];
  readonly provider = createVirtualProvider({
    clock: this.clock,
    seed: 5,
    requestsPerMinute: 30,
    maxConcurrent: 3,
    faults: 0.3,
    reportOutput: true,
  });
  readonly llm = createLLM({
    model: "m",
    clock: this.counted,
    rng: seededRng(7),
    limits: { tokensPerMinute: 3000 },
    handler: this.watch.watched(this.provider.handle),
  });

  begin(): Promise<unknown> {
    this.watch.setLimits({ tokensPerMinute: 3000 });
    return Promise.all(
      this.controllers.map(async ({ signal }, index) => {
        const id = String(index);
        const call = { attempts: 0, active: 0, ended: false, deadlineAt: Infinity };
        this.watch.calls.set(id, call);
        const ended = this.llm.chat({ id, signal, body: { ...body }, stream: index % 2 === 0 }).then(
          () => "ok",
          (error: unknown) => (error instanceof Error && "code" in error ? String(error.code) : "?"),
        );
        this.endings.push(await ended);
        call.ended = true;
      }),
    );
  }

  /** One event: the next timer and all that it wakes. */
  async step(): Promise<boolean> {
    const moved = this.clock.step(Infinity);
    await settled();
    return moved;
  }
}

const body = { messages: [{ role: "user", content: "x".repeat(1600) }], input: 400, output: 100, max_tokens: 200 };

/** Lives up to an event, cancels, and looks at what is left when everything has ended. */
const cancelAt = async (event: number, cancelled: readonly number[]): Promise<void> => {
  const world = new SmallWorld();
  const running = world.begin();
  await settled();
  for (let index = 0; index < event; index++) await world.step();
  for (const index of cancelled) world.controllers[index]?.abort(new Error("enough"));
  let over = false;
  const done = running.then(() => (over = true));
  await settled();
  while (!over && (await world.step()));
  const story = `calls ${cancelled.join()} cancelled at event ${event}`;
  expect(over, story).toBe(true);
  await done;
  expect(world.endings, story).toHaveLength(callCount);
  expect(world.violations.told, story).toEqual([]);
  expect(world.counted.armed, `${story}: timers`).toBe(0);
  await runDry(world.clock, 3_600_000);
  const { queued, inFlight, limits } = world.llm.stats();
  expect({ queued, inFlight, provider: world.provider.books().inFlight }, story).toEqual({
    queued: 0,
    inFlight: 0,
    provider: 0,
  });
  expect(limits.find(({ name }) => name === "maxConcurrent")?.used, story).toBe(0);
  await world.clock.advance(70_000);
  expect(
    world.llm
      .stats()
      .limits.map(({ used }) => used)
      .every((used) => used === 0),
    story,
  ).toBe(true);
  for (const { signal } of world.controllers) {
    expect(followerCount(signal) ?? 0, `${story}: followers`).toBe(0);
    // The one that passes on to the followers lives as long as the signal.
    expect(getEventListeners(signal, "abort").length, `${story}: listeners`).toBeLessThanOrEqual(1);
  }
};

const eventsOf = async (): Promise<number> => {
  const world = new SmallWorld();
  const running = world.begin();
  let over = false;
  const done = running.then(() => (over = true));
  let events = 0;
  await settled();
  for (; !over && (await world.step());) events += 1;
  await done;
  return events;
};

describe("P7: a cancel at any event leaks no slot, timer, listener or token", () => {
  it("of any one call", async () => {
    const events = await eventsOf();
    expect(events).toBeGreaterThan(50);
    for (let event = 0; event <= events; event++) await cancelAt(event, [event % callCount]);
  });

  it("of the first call", async () => {
    const events = await eventsOf();
    for (let event = 0; event <= events; event++) await cancelAt(event, [0]);
  });

  it("of all calls at once", async () => {
    const events = await eventsOf();
    const all = Array.from({ length: callCount }, (_, index) => index);
    for (let event = 0; event <= events; event++) await cancelAt(event, all);
  });
});
