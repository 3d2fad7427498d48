import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AttemptClock } from "./attempt-clock.ts";

const limits = { attemptMs: 10_000, firstContentMs: 3000, idleMs: 1000 };

describe("AttemptClock", () => {
  it("gives a plain body the whole attempt until it begins, and then watches its silence", () => {
    const attempt = new AttemptClock(limits, 100, false);
    expect([attempt.endsAt, attempt.expired]).toEqual([10_100, "The attempt took longer than 10000 ms"]);
    attempt.note(5000, "head");
    expect([attempt.endsAt, attempt.expired]).toEqual([6000, "Nothing came for 1000 ms"]);
    attempt.note(5500, "body");
    expect(attempt.endsAt).toBe(6500);
  });

  it("watches a stream for its first content, which headers are not, and then for silence", () => {
    const attempt = new AttemptClock(limits, 100, true);
    expect([attempt.endsAt, attempt.expired]).toEqual([3100, "No content came within 3000 ms"]);
    attempt.note(2000, "head");
    expect(attempt.endsAt).toBe(3100);
    attempt.note(2500, "content");
    expect([attempt.endsAt, attempt.expired]).toEqual([3500, "Nothing came for 1000 ms"]);
  });

  it("does not count the time that the reader takes as silence, but as part of the attempt", () => {
    const attempt = new AttemptClock(limits, 0, true);
    attempt.note(500, "content");
    attempt.suspend();
    expect([attempt.endsAt, attempt.expired]).toEqual([10_000, "The attempt took longer than 10000 ms"]);
    attempt.resume(8000);
    expect(attempt.endsAt).toBe(9000);
  });

  it("never ends later than the attempt may last, nor earlier than the shortest silence", () => {
    const progress = fc.constantFrom("head", "body", "content" as const);
    const notes = fc.array(fc.tuple(fc.integer({ min: 0, max: 2000 }), progress));
    fc.assert(
      fc.property(notes, fc.boolean(), (trace, streamed) => {
        const attempt = new AttemptClock(limits, 0, streamed);
        let now = 0;
        for (const [gapMs, one] of trace) {
          now += gapMs;
          attempt.note(now, one);
          expect(attempt.endsAt).toBeLessThanOrEqual(10_000);
          if (one === "content") expect(attempt.endsAt).toBe(Math.min(10_000, now + 1000));
        }
      }),
    );
  });
});
