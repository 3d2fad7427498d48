import { describe, expect, it } from "vitest";
import { CallError } from "../call/call-error.ts";
import { sleep } from "../time/sleep.ts";
import { VirtualClock } from "../time/virtual-clock.ts";
import { QuotaLimiter } from "./quota-limiter.ts";

/** Ten minutes of endless demand on a server that takes 64 calls of about a second at once, which nobody told us. */
const tenMinutes = async (): Promise<{ readonly share: number; readonly refusedShare: number }> => {
  const clock = new VirtualClock();
  const limiter = new QuotaLimiter({ clock });
  const { signal } = new AbortController();
  const end = 600_000;
  let inFlight = 0;
  let busyMs = 0;
  let answered = 0;
  let refused = 0;
  const attempt = async (sequence: number): Promise<boolean> => {
    const permit = await limiter.admit({ id: "c", demand: { inputTokens: 1, outputTokens: 1 }, priority: 0, sequence });
    if (inFlight >= 64) {
      refused += 1;
      await sleep(clock, 20, signal);
      permit.settle({ ok: false, error: new CallError("throttled", "no", { status: 429, exceeded: "concurrency" }) });
      return false;
    }
    inFlight += 1;
    const tookMs = 600 + ((sequence * 7919) % 800);
    await sleep(clock, tookMs, signal);
    inFlight -= 1;
    busyMs += tookMs;
    answered += 1;
    permit.settle({ ok: true });
    return true;
  };
  let next = 0;
  const worker = async (): Promise<void> => {
    while (clock.now() < end) {
      const sequence = next++;
      while (!(await attempt(sequence)) && clock.now() < end);
    }
  };
  const running = Array.from({ length: 200 }, worker);
  await clock.advance(end + 300_000);
  await Promise.all(running);
  return { share: busyMs / (64 * end), refusedShare: refused / (answered + refused) };
};

describe("a limit on calls at once that nobody told", () => {
  it("is found and used, with few refusals", async () => {
    const { share, refusedShare } = await tenMinutes();
    expect(share).toBeGreaterThan(0.94);
    expect(refusedShare).toBeLessThan(0.01);
  });
});
