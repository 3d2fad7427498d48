import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { clockProcess, fakeTimeLibrary } from "./clock-process.ts";
import { stopped } from "./stopped-process.ts";

/** The most starts in any stretch of `periodMs`. */
const most = (starts: readonly number[], periodMs: number): number => {
  const sorted = starts.toSorted((a, b) => a - b);
  let first = 0;
  let peak = 0;
  for (const [index, at] of sorted.entries()) {
    while (at - (sorted[first] ?? at) >= periodMs) first += 1;
    peak = Math.max(peak, index - first + 1);
  }
  return peak;
};

describe.concurrent("D9: a clock that is not as it should be", () => {
  it("counts no time against a call in which the process was stopped, and starts no burst after it", async (test) => {
    await stopped(test, 11_500);
  });

  it("does not care when the time of day jumps three days ahead and back", async (test) => {
    const folder = await mkdtemp(join(tmpdir(), "sluice-clock-"));
    test.onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const timeFile = join(folder, "time");
    await writeFile(timeFile, "+0");
    const plan = { calls: 30, requestsPerMinute: 600, attemptMs: 60_000, firstTokenMs: 300, idleMs: 2000, timeFile };
    const jumps = [
      { afterMs: 700, time: "+3d" },
      { afterMs: 700, time: "-3d" },
      { afterMs: 700, time: "+3d" },
    ];
    // A clock that counts from the start of the machine does not jump when the time of day is set.
    const environment = {
      LD_PRELOAD: fakeTimeLibrary(),
      FAKETIME_TIMESTAMP_FILE: timeFile,
      FAKETIME_NO_CACHE: "1",
      FAKETIME_DONT_FAKE_MONOTONIC: "1",
    };
    const report = await clockProcess(test, { ...plan, jumps }, environment).report;
    expect(report.wallMovedMs).toBeGreaterThan(2.9 * 86_400_000);
    expect(report).toMatchObject({ ok: 30, codes: [], retried: [] });
    expect(report.shortestMs).toBeGreaterThanOrEqual(0);
    expect(report.idleCpuMs / 2000).toBeLessThan(0.05);
  });

  it("keeps the limits when time goes sixty times as fast", async (test) => {
    const speed = 60;
    const idleMs = 2000 * speed;
    const plan = { calls: 240, requestsPerMinute: 100, attemptMs: 300_000, firstTokenMs: 1000, idleMs };
    const environment = { LD_PRELOAD: fakeTimeLibrary(), FAKETIME: `+0 x${speed}` };
    const report = await clockProcess(test, plan, environment).report;
    expect(report).toMatchObject({ ok: 240, codes: [] });
    // A sixth of a second for a connection may be too short on a machine that has much to do.
    expect(report.retried.filter((code) => code !== "network")).toEqual([]);
    expect(report.shortestMs).toBeGreaterThanOrEqual(0);
    // A start is told after its permit: when this machine pauses for a third of a second, twenty seconds later there.
    expect(most(report.startsMs, 40_000)).toBeLessThanOrEqual(100);
    // Whatever happens each second happens sixty times in one: that is no busy loop, which would be near 1.
    expect(report.idleCpuMs / (idleMs / speed)).toBeLessThan(0.3);
  });
});
