import { performance } from "node:perf_hooks";
import { expect } from "vitest";
import type { Handler } from "../../../src/call/handler.ts";
import { createVirtualProvider, type VirtualBooks } from "../../../src/simulator/virtual-provider.ts";
import { VirtualClock } from "../../../src/time/virtual-clock.ts";
import { AttemptWatch } from "../attempt-watch.ts";
import { CountedClock } from "../counted-clock.ts";
import { drive, runDry } from "../drive.ts";
import { Violations } from "../violations.ts";
import { usedHeap } from "./used-heap.ts";

const hourMs = 3_600_000;
const perSecond = 50;

/** The limits of the account and of its client. */
export const longLimits: { readonly requestsPerMinute: number; readonly tokensPerMinute: number } = {
  requestsPerMinute: 60 * perSecond,
  tokensPerMinute: 60 * perSecond * 400,
};

/** What a client under test is given. */
interface LongRun {
  readonly clock: CountedClock;
  readonly handler: Handler;
  readonly total: number;
  /** To be called when a call is made, and when it has ended. */
  readonly begin: (id: string) => void;
  readonly end: (id: string, ok: boolean) => void;
}

/** A client under test: makes so many calls, and tells what it holds when they are over. */
export type LongClient = (run: LongRun) => {
  readonly work: Promise<void>;
  readonly held: () => { readonly queued: number; readonly inFlight: number };
};

/** Lives through hours of traffic and checks its laws online: it remembers one minute, and one figure for each hour. */
export const runLong = async (hours: number, client: LongClient): Promise<void> => {
  const virtual = new VirtualClock();
  const clock = new CountedClock(virtual);
  const violations = new Violations();
  const watch = new AttemptWatch(virtual, violations);
  watch.setLimits(longLimits);
  const options = { seed: 11, faults: 0.005, hangs: 0.001, tokenCharge: "actual" } as const;
  const provider = createVirtualProvider({ clock: virtual, ...longLimits, ...options });
  const ends = { ok: 0, failed: 0 };
  const { work, held } = client({
    clock,
    handler: watch.watched(provider.handle),
    total: perSecond * 3600 * hours,
    begin: (id) => void watch.calls.set(id, { attempts: 0, active: 0, ended: false, deadlineAt: Infinity }),
    end: (id, ok) => {
      violations.check(watch.calls.delete(id), "P6", () => `call ${id} ended twice`);
      ends[ok ? "ok" : "failed"] += 1;
    },
  });
  const heaps: number[] = [];
  const started = performance.now();
  await drive(virtual, work, () => {
    violations.check(clock.armed <= 1, "P15", () => `at ${virtual.now()} ms the client has ${clock.armed} timers`);
    if (virtual.now() >= (heaps.length + 1) * hourMs) heaps.push(usedHeap());
  });
  const seconds = (performance.now() - started) / 1000;
  const books = provider.books();
  console.log(report(ends, books, virtual.now() / hourMs, seconds, heaps));
  await runDry(virtual, hourMs);
  expect(violations.told).toEqual([]);
  expect(ends.ok + ends.failed).toBe(perSecond * 3600 * hours);
  expect({ ...held(), served: books.inFlight, left: watch.calls.size }).toEqual({
    queued: 0,
    inFlight: 0,
    served: 0,
    left: 0,
  });
  expect(ends.failed / ends.ok).toBeLessThanOrEqual(1e-4);
  expect(books.throttled / books.attempts).toBeLessThan(0.001);
  // The provider's books, which are the test's own, keep some numbers for each second.
  expect((heaps.at(-1) ?? 0) - (heaps[0] ?? 0)).toBeLessThan(1e6 * (10 + hours));
};

const report = (
  { ok, failed }: { readonly ok: number; readonly failed: number },
  { attempts, throttled, peakInFlight }: VirtualBooks,
  hours: number,
  seconds: number,
  heaps: readonly number[],
): string =>
  `${ok} calls and ${failed} failures in ${hours.toFixed(2)} virtual hours and ${seconds.toFixed(0)} real seconds: ` +
  `${attempts} attempts, ${throttled} x 429, at most ${peakInFlight} at once; ` +
  `heap after each hour, in MB: ${heaps.map((bytes) => (bytes / 1e6).toFixed(1)).join(" ")}`;
