import { expect, it } from "vitest";
import { CallError } from "../../src/call/call-error.ts";
import { createVirtualProvider } from "../../src/simulator/virtual-provider.ts";
import { VirtualClock } from "../../src/time/virtual-clock.ts";
import { virtualCall, virtualContext } from "../fixtures/virtual-call.ts";
import { AttemptWatch } from "./attempt-watch.ts";
import { liveThrough } from "./client-world.ts";
import { Violations } from "./violations.ts";
import { planOf } from "./world-plan.ts";

const call = virtualCall({ input: 100, output: 20 });

const watched = (deadlineAt = Infinity) => {
  const clock = new VirtualClock();
  const violations = new Violations();
  const watch = new AttemptWatch(clock, violations);
  watch.setLimits({ requestsPerMinute: 2, maxConcurrent: 2 });
  const handler = watch.watched(createVirtualProvider({ clock, networkMs: 0 }).handle);
  const begin = (id: string) => {
    if (!watch.calls.has(id)) watch.calls.set(id, { attempts: 0, active: 0, ended: false, deadlineAt });
    return handler({ ...call, id }, virtualContext(clock));
  };
  return { clock, violations, begin, watch };
};

it("the watch sees one start too many in a minute, and in flight", async () => {
  const { clock, violations, begin } = watched();
  await clock.until(Promise.all([begin("1"), begin("2"), begin("3")]));
  expect(violations.told).toEqual([
    "P1: at 0 ms attempt of call 3: 3 at once",
    "P1: at 0 ms attempt of call 3: 3 of requestsPerMinute 2 in a minute",
  ]);
});

it("the watch sees nothing wrong with what is a minute apart", async () => {
  const { clock, violations, begin } = watched();
  await clock.until(Promise.all([begin("1"), begin("2")]));
  await clock.advance(60_000);
  await clock.until(Promise.all([begin("3"), begin("4")]));
  expect(violations.told).toEqual([]);
});

it("the watch sees a second attempt beside the first, one after the end, and one after the deadline", async () => {
  const { clock, violations, begin, watch } = watched(500);
  await clock.until(Promise.all([begin("1"), begin("1")]));
  const known = watch.calls.get("1");
  if (known !== undefined) known.ended = true;
  await clock.advance(60_000);
  await clock.until(begin("1"));
  expect(violations.told.map((story) => story.replace(/at [\d.]+ ms/, "at a time"))).toEqual([
    "P6: at a time attempt of call 1 beside another of the same call",
    "P6: at a time attempt of call 1 though the call has ended",
    "P13: at a time attempt of call 1 after its deadline 500",
  ]);
});

it("a world whose client is told more than is allowed is found out", async () => {
  const plan = { ...planOf(3), changes: [], limits: { requestsPerMinute: 40 }, provider: { networkMs: 20 } };
  const honest = await liveThrough(plan);
  const lying = await liveThrough(plan, { requestsPerMinute: 30 });
  expect([honest.violations.length, lying.violations.length > 0]).toEqual([0, true]);
  expect(lying.violations[0]).toMatch(/^P1: .* of requestsPerMinute 30 in a minute$/);
});

it("a refusal counts as a request and no tokens", async () => {
  const { clock, violations, watch } = watched();
  watch.setLimits({ requestsPerMinute: 10, tokensPerMinute: 150 });
  const refusing = watch.watched(() => Promise.reject(new CallError("throttled", "no", { status: 429 })));
  for (const id of ["1", "2"]) {
    watch.calls.set(id, { attempts: 0, active: 0, ended: false, deadlineAt: Infinity });
    await expect(refusing({ ...call, id }, virtualContext(clock))).rejects.toThrow("no");
  }
  expect(violations.told).toEqual([]);
});
