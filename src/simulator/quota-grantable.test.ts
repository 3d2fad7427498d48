import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { quotaBucket } from "./quota-bucket.ts";
import { quotaSliding } from "./quota-sliding.ts";
import { quotaWindow } from "./quota-window.ts";
import type { Quota } from "./quota.ts";

const kinds: Readonly<Record<string, () => Quota>> = {
  bucket: () => quotaBucket({ limit: 600, burstMs: 10_000, startAt: 0 }),
  window: () => quotaWindow({ limit: 600, startAt: 0, periodMs: 10_000, phaseMs: 3000 }),
  sliding: () => quotaSliding({ limit: 600, periodMs: 20_000 }),
};

const history = fc.array(fc.record({ at: fc.integer({ min: 0, max: 29 }), amount: fc.integer({ min: 1, max: 40 }) }), {
  maxLength: 20,
});

describe("what a quota could have granted", () => {
  it.each(Object.keys(kinds))("is what a client gets that takes everything at once: %s", (kind) => {
    fc.assert(
      fc.property(history, fc.integer({ min: 1, max: 90 }), (steps, seconds) => {
        const quota = kinds[kind]?.() ?? expect.fail();
        const charges: { at: number; amount: number }[] = [];
        for (const { at: second, amount } of steps.toSorted((a, b) => a.at - b.at)) {
          const at = second * 1000 + 500;
          if (quota.waitMs(at, amount) > 0) continue;
          quota.charge(at, amount);
          charges.push({ at, amount });
        }
        const [fromMs, toMs] = [30_000, 30_000 + seconds * 1000];
        const charged = (from: number, to: number): number =>
          charges.reduce((sum, { at, amount }) => (at >= from && at < to ? sum + amount : sum), 0);
        const could = quota.grantable({ fromMs, toMs, level: quota.level(fromMs), charged });
        let got = 0;
        for (let now = fromMs; now < toMs; now += 50) {
          const amount = Math.max(0, quota.level(now));
          quota.charge(now, amount);
          got += amount;
        }
        expect(got).toBeLessThanOrEqual(could + 1e-6);
        expect(got).toBeGreaterThanOrEqual(could - 1);
      }),
    );
  });
});
