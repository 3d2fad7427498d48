import { describe, expect, it } from "vitest";
import { type AnyTime, killAtAnyTime } from "../fixtures/kill-at-any-time.ts";

const sizes: readonly (readonly [name: string, size: AnyTime])[] = [
  [
    "10,000 rows with short answers",
    { kills: 2, killsARun: 2, seed: 1, rows: 10_000, maxConcurrent: 200, outputTokens: 12 },
  ],
  ["answers of 70 KB", { kills: 2, killsARun: 2, seed: 2, rows: 60, maxConcurrent: 8, outputTokens: 16_000 }],
  ["answers of 3 MB", { kills: 2, killsARun: 2, seed: 3, rows: 8, maxConcurrent: 4, outputTokens: 600_000 }],
];

describe("the command, killed at any time", () => {
  it.each(sizes)("answers every row once and pays for none twice but those in flight: %s", async (_, size) => {
    const { kills, paidTwice, reported } = await killAtAnyTime(size);
    expect(kills).toBe(size.kills);
    expect(paidTwice).toBeLessThanOrEqual(kills * size.maxConcurrent);
    expect(reported).toBeGreaterThanOrEqual(paidTwice);
  });
});
