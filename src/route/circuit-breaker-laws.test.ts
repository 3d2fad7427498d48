import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { seededRng } from "../time/rng.ts";
import { CircuitBreaker, type Entry, type Verdict } from "./circuit-breaker.ts";

type Step =
  | { readonly kind: "wait"; readonly ms: number }
  | { readonly kind: "enter" }
  | { readonly kind: "start" | "alive"; readonly which: number }
  | { readonly kind: "end"; readonly which: number; readonly verdict: Verdict };

const verdict = fc.constantFrom<Verdict>("succeeded", "answered", "failed", "unreachable", "unknown");
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant("wait"), ms: fc.oneof(fc.nat(100), fc.nat(60_000)) }),
  fc.record({ kind: fc.constant("enter") }),
  fc.record({ kind: fc.constantFrom("start", "alive"), which: fc.nat(40) }),
  fc.record({ kind: fc.constant("end"), which: fc.nat(40), verdict }),
);

/** A breaker after a random life; what is still inside never comes back. */
const lived = (steps: readonly Step[], seed: number) => {
  const breaker = new CircuitBreaker({ rng: seededRng(seed), failuresInARow: 3, minAttempts: 4 });
  const inside: Entry[] = [];
  const first = breaker.enter(0);
  if (first !== undefined) {
    breaker.started(0, first);
    breaker.ended(0, first, "succeeded");
  }
  let now = 0;
  for (const one of steps) {
    if (one.kind === "wait") now += one.ms;
    else if (one.kind === "enter") {
      const entry = breaker.enter(now);
      if (entry !== undefined) inside.push(entry);
    } else {
      const index = one.which % Math.max(1, inside.length);
      const entry = inside[index];
      if (entry === undefined) continue;
      if (one.kind === "start" && entry.startedAt === undefined) breaker.started(now, entry);
      else if (one.kind === "alive" && entry.startedAt !== undefined) breaker.alive(now, entry);
      else if (one.kind === "end") {
        inside.splice(index, 1);
        breaker.ended(now, entry, one.verdict);
      }
    }
  }
  return { breaker, inside, now };
};

const life = fc.array(step, { maxLength: 200 });

describe("CircuitBreaker, whatever happens to it,", () => {
  it("leaves half-open in bounded time even if nobody inside ever comes back", () => {
    fc.assert(
      fc.property(life, fc.nat(), (steps, seed) => {
        const { breaker, now } = lived(steps, seed);
        // Five rounds of at most ten minutes each.
        expect(breaker.state(now + 5 * 600_000)).not.toBe("half-open");
      }),
    );
  });

  it("lets somebody in at the time it names, and names one within two and a half minutes unless a try is under way", () => {
    fc.assert(
      fc.property(life, fc.nat(), (steps, seed) => {
        const { breaker, now } = lived(steps, seed);
        const at = breaker.retryAt(now);
        expect(at).toBeGreaterThanOrEqual(now);
        if (breaker.state(now) === "open") {
          expect(at - now).toBeLessThanOrEqual(150_000);
          expect(breaker.enter(at)).toBeDefined();
        } else if (at === now) expect(breaker.enter(now)).toBeDefined();
        else expect(breaker.enter(now)).toBeUndefined();
      }),
    );
  });

  it("ignores whatever comes back from an old epoch", () => {
    fc.assert(
      fc.property(life, fc.nat(), fc.array(verdict, { minLength: 41, maxLength: 41 }), (steps, seed, verdicts) => {
        const { breaker, inside, now } = lived(steps, seed);
        const state = breaker.state(now);
        const { epoch } = breaker;
        const at = breaker.retryAt(now);
        for (const [index, entry] of inside.entries())
          if (entry.epoch !== epoch) breaker.ended(now, entry, verdicts[index % 41] ?? "failed");
        expect([breaker.state(now), breaker.epoch, breaker.retryAt(now)]).toEqual([state, epoch, at]);
      }),
    );
  });

  it("recovers once the provider answers, however it got where it is", () => {
    fc.assert(
      fc.property(life, fc.nat(), (steps, seed) => {
        const { breaker, now } = lived(steps, seed);
        let at = now + 5 * 600_000;
        for (let tries = 0; breaker.state(at) !== "closed"; tries++) {
          at = breaker.retryAt(at);
          const entry = breaker.enter(at);
          if (entry !== undefined) {
            breaker.started(at, entry);
            breaker.ended(at, entry, "succeeded");
          }
          expect(tries).toBeLessThan(500);
        }
      }),
    );
  });
});
