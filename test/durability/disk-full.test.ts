import { describe, expect, it } from "vitest";
import { complete, crashPlace, inspect } from "../fixtures/crash-place.ts";
import { fullPoints } from "../fixtures/full-points.ts";
import { smallDisk } from "../fixtures/small-disk.ts";
import { ended } from "../fixtures/begun.ts";
import { childOf, traced } from "../fixtures/traced.ts";

describe("a disk that is full", () => {
  it("ends the run with exit 6 and the path, whichever write finds it full; what was paid for is there or told of", async () => {
    const { met } = await fullPoints({ points: 20, lasting: true });
    expect(met).toBeGreaterThanOrEqual(18);
  });

  it("keeps every answer that was on its way when one write has found it full", async () => {
    const { met, lost } = await fullPoints({ points: 10, lasting: false });
    expect(met).toBeGreaterThanOrEqual(9);
    expect(lost).toBe(0);
  });

  it("keeps every answer that was on its way on a disk that is really full, and goes on when there is room", async () => {
    await using disk = await smallDisk("3m");
    const sizes = { answerBytes: [70_000], ballastBytes: 640 * 1024 };
    await using place = await crashPlace({ rows: 60, mixed: false, under: disk.path, ...sizes });
    const { code, stderr } = await ended(childOf(place.run));
    expect(stderr).toMatch(/^cannot write .*: no space is left on the disk\n.*run the same command again/u);
    expect(code).toBe(6);
    expect(await inspect(place)).toEqual({ tornBytes: 0, uncommitted: 0 });
    await disk.resize("16m");
    const { paidTwice, summary } = await complete(place);
    expect(paidTwice).toBe(0);
    expect(summary.resumed).toBeGreaterThan(20);
  });

  it("tells of the answers that were on their way when there is no room for them", async () => {
    await using disk = await smallDisk("1m");
    const sizes = { answerBytes: [70_000], ballastBytes: 0 };
    await using place = await crashPlace({ rows: 30, mixed: false, under: disk.path, ...sizes });
    const { code, stderr } = await ended(childOf(place.run));
    expect(stderr).toMatch(/^cannot write .*: no space is left on the disk\n/u);
    expect(code).toBe(6);
    const { uncommitted } = await inspect(place);
    await disk.resize("16m");
    const { paidTwice } = await complete(place);
    expect(paidTwice).toBe(uncommitted);
  });

  it("cuts off the part of an answer that a file of the largest size has taken", async () => {
    for (const fileBytes of [4000, 75_001, 150_500]) {
      await using place = await crashPlace({ rows: 30, answerBytes: [200, 70_000] });
      const { code, stderr } = await traced(place.run, { files: place.files, fileBytes });
      expect(stderr).toMatch(/^cannot write .*: the file would grow beyond the largest size\n/u);
      expect(code).toBe(6);
      const { tornBytes } = await inspect(place);
      const { warnings } = await complete(place);
      if (tornBytes > 0) expect(warnings.join("\n")).toContain("torn");
    }
  });
});
