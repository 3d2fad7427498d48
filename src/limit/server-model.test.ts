import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type ModelReading, type ServerKind, ServerModel } from "./server-model.ts";

const perMs = 1;
const minute = 60_000;

interface Sent {
  readonly sentAt: number;
  readonly amount: number;
}

/** One request of 200 to 1500 tokens at every second or so. */
const requests = fc
  .array(fc.tuple(fc.integer({ min: 300, max: 1500 }), fc.integer({ min: 200, max: 1500 })), {
    minLength: 60,
    maxLength: 120,
    size: "max",
  })
  .map((steps) => {
    let sentAt = 5000;
    return steps.map(([gapMs, amount]): Sent => ({ sentAt: (sentAt += gapMs), amount }));
  });

const bucketReadings = (sent: readonly Sent[], depth: number): ModelReading[] => {
  let level = depth;
  let at = 0;
  return sent.map(({ sentAt, amount }) => {
    level = Math.min(depth, level + (sentAt - at) * perMs) - amount;
    at = sentAt;
    return { sentAt, remaining: level, resetMs: (depth - level) / perMs };
  });
};

const windowReadings = (sent: readonly Sent[], limit: number, phaseMs: number): ModelReading[] => {
  let used = 0;
  let window = 0;
  return sent.map(({ sentAt, amount }) => {
    const now = Math.floor((sentAt + phaseMs) / minute);
    if (now !== window) used = 0;
    window = now;
    used += amount;
    return { sentAt, remaining: limit - used, resetMs: minute - ((sentAt + phaseMs) % minute) };
  });
};

const wholeSeconds = ({ resetMs, ...reading }: ModelReading): ModelReading => ({
  ...reading,
  resetMs: Math.ceil(resetMs / 1000) * 1000,
});

const kindAfter = (readings: readonly ModelReading[]): ServerKind => {
  const model = new ServerModel();
  for (const reading of readings) model.observe(reading, perMs);
  return model.kind;
};

/** Neighbours whose answers overtook one another. */
const swapped = <T>(items: readonly T[]): T[] =>
  items.map((item, index) => items[index % 3 === 0 ? index + 1 : index % 3 === 1 ? index - 1 : index] ?? item);

describe("ServerModel", () => {
  it("knows nothing before it has seen enough", () => {
    const readings = bucketReadings(
      [1, 2, 3, 4, 5, 6, 7].map((sentAt) => ({ sentAt: sentAt * 1000, amount: 900 })),
      minute,
    );
    expect(kindAfter([])).toBe("unknown");
    expect(kindAfter(readings)).toBe("unknown");
  });

  it("recognizes a bucket and a window", () => {
    fc.assert(
      fc.property(requests, fc.integer({ min: 0, max: minute }), (sent, phaseMs) => {
        expect(kindAfter(bucketReadings(sent, minute))).toBe("bucket");
        expect(kindAfter(windowReadings(sent, 120_000, phaseMs))).toBe("window");
      }),
      { numRuns: 50 },
    );
  });

  it("is not misled by whole seconds, nor by answers that overtake one another", () => {
    fc.assert(
      fc.property(requests, fc.integer({ min: 0, max: minute }), (sent, phaseMs) => {
        const bucket = swapped(bucketReadings(sent, minute));
        const window = swapped(windowReadings(sent, 120_000, phaseMs));
        expect(kindAfter(bucket)).toBe("bucket");
        expect(kindAfter(window)).toBe("window");
        expect(kindAfter(bucket.map(wholeSeconds))).not.toBe("window");
        expect(kindAfter(window.map(wholeSeconds))).not.toBe("bucket");
      }),
      { numRuns: 50 },
    );
  });

  it("says so when the resets follow neither", () => {
    const readings = Array.from({ length: 60 }, (_, index) => ({
      sentAt: index * 1000,
      remaining: (index * 104_729) % 60_000,
      resetMs: (index * 15_485_863) % 60_000,
    }));
    expect(kindAfter(readings)).toBe("unknown");
  });

  it("follows a provider that changes", () => {
    const sent = Array.from({ length: 400 }, (_, index) => ({ sentAt: index * 700, amount: 600 + (index % 7) * 50 }));
    const model = new ServerModel();
    for (const reading of bucketReadings(sent.slice(0, 100), minute)) model.observe(reading, perMs);
    expect(model.kind).toBe("bucket");
    for (const reading of windowReadings(sent.slice(100), 120_000, 0)) model.observe(reading, perMs);
    expect(model.kind).toBe("window");
  });
});
