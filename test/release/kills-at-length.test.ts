import { describe, expect, it } from "vitest";
import { failingSyncs } from "../fixtures/failing-syncs.ts";
import { fullPoints } from "../fixtures/full-points.ts";
import { killAtAnyTime } from "../fixtures/kill-at-any-time.ts";
import { killChains } from "../fixtures/kill-chains.ts";
import { tearTails } from "../fixtures/torn-tails.ts";

const hours = 3_600_000;

describe("runs that are killed very often", () => {
  it(
    "lose no answer at 2,000 system calls",
    async () => {
      const { kills, mostLost, paidTwice, reported } = await killChains({ kills: 2_000, seed: 1 });
      expect(kills).toBeGreaterThanOrEqual(2_000);
      expect(mostLost).toBeLessThanOrEqual(6);
      expect(reported).toBeGreaterThanOrEqual(paidTwice);
    },
    4 * hours,
  );

  it(
    "lose no answer at 1,000 random times, in which lines of 3 MB are torn",
    async () => {
      const short = { kills: 500, killsARun: 10, seed: 1, rows: 2_000, maxConcurrent: 50, outputTokens: 12 };
      const middle = { kills: 250, killsARun: 10, seed: 2, rows: 200, maxConcurrent: 8, outputTokens: 16_000 };
      const long = { kills: 250, killsARun: 6, seed: 3, rows: 24, maxConcurrent: 4, outputTokens: 600_000 };
      let tornTails = 0;
      for (const size of [short, middle, long]) {
        const tally = await killAtAnyTime(size);
        expect(tally.reported).toBeGreaterThanOrEqual(tally.paidTwice);
        tornTails += tally.tornTails;
      }
      expect(tornTails).toBeGreaterThanOrEqual(20);
    },
    4 * hours,
  );

  it(
    "cut off what was half written at a hundred places of a line",
    async () => {
      const fractions = Array.from({ length: 33 }, (_, place) => (place + 1) / 35);
      expect(await tearTails({ answerBytes: 200, wholeLines: 4, fractions })).toBeGreaterThanOrEqual(30);
      expect(await tearTails({ answerBytes: 70_000, wholeLines: 4, fractions })).toBe(33);
      expect(await tearTails({ answerBytes: 3_000_000, wholeLines: 2, fractions })).toBe(33);
    },
    4 * hours,
  );
});

describe("disks that are full or fail very often", () => {
  it(
    "lose no answer that was paid for, at any of the first 500 writes",
    async () => {
      for (const lasting of [true, false]) {
        const { met, lost } = await fullPoints({ points: 500, lasting, rows: 160 });
        expect(met).toBeGreaterThanOrEqual(450);
        if (!lasting) expect(lost).toBe(0);
      }
    },
    4 * hours,
  );

  it(
    "send nothing more and sync nothing more, at any of the first 50 syncs",
    async () => {
      const { met, mostSentAfter } = await failingSyncs({ from: 1, to: 50 });
      expect(met).toBeGreaterThanOrEqual(45);
      expect(mostSentAfter).toBeLessThanOrEqual(12);
    },
    4 * hours,
  );
});
