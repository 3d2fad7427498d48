import { describe, expect, it } from "vitest";
import { CallError } from "../call/call-error.ts";
import type { Permit } from "../call/limiter.ts";
import { VirtualClock } from "../time/virtual-clock.ts";
import { QuotaLimiter } from "./quota-limiter.ts";

describe("a refusal for too many at once during the ramp after a hold", () => {
  it("gives its start back, so that the pool goes on when the older calls have ended", async () => {
    const clock = new VirtualClock();
    const limiter = new QuotaLimiter({ clock });
    let sequence = 0;
    const admit = (): Promise<Permit> =>
      limiter.admit({ id: "c", demand: { inputTokens: 1, outputTokens: 1 }, priority: 0, sequence: sequence++ });
    const refuse = (permit: Permit, details: object): void =>
      permit.settle({ ok: false, error: new CallError("throttled", "no", { status: 429, ...details }) });

    const first = await admit();
    const older = await Promise.all(Array.from({ length: 6 }, admit));
    await clock.advance(10);
    refuse(first, { retryAfterMs: 1000 });
    await clock.advance(1010);
    for (const permit of older.slice(0, 3)) permit.settle({ ok: true });
    refuse(await admit(), { exceeded: "concurrency" });
    for (const permit of older.slice(3)) permit.settle({ ok: true });
    const waiting = admit();
    let granted = false;
    const noted = waiting.then(() => (granted = true));
    await clock.advance(60_000);
    expect(granted).toBe(true);
    await noted;
  });
});
