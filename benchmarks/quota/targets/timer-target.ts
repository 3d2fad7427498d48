import { QuotaLimiter } from "../../../src/limit/quota-limiter.ts";
import type { Clock } from "../../../src/time/clock.ts";
import { VirtualClock } from "../../../src/time/virtual-clock.ts";
import type { TargetGroup } from "./target.ts";

/** L8: how many timers a pool has, and how often it wakes up. */
export const timerTarget: TargetGroup = {
  name: "L8",
  measure: async () => {
    const virtual = new VirtualClock();
    const counted = new CountingClock(virtual);
    const limiter = new QuotaLimiter({ clock: counted, limits: { maxConcurrent: 256, requestsPerMinute: 2000 } });
    const calls = Array.from({ length: 4000 }, async (_, sequence) => {
      const permit = await limiter.admit({ id: "c", demand: { inputTokens: 1, outputTokens: 1 }, sequence });
      virtual.schedule(virtual.now() + 3000, () => permit.settle({ ok: true }));
    });
    await virtual.until(Promise.all(calls));
    const allowed = calls.length + virtual.now() / 1000;
    return [
      {
        name: "L8 timers armed at once; wake-ups",
        aim: `<= 1; <= ${Math.round(allowed)}`,
        measured: `${counted.most}; ${counted.fired}`,
        met: counted.most <= 1 && counted.fired <= allowed,
      },
    ];
  },
};

class CountingClock implements Clock {
  readonly #clock: Clock;
  #armed = 0;
  most = 0;
  fired = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  now(): number {
    return this.#clock.now();
  }

  wallNow(): number {
    return this.#clock.wallNow();
  }

  schedule(at: number, callback: () => void): Disposable {
    let armed = true;
    const disarm = (): void => {
      if (armed) this.#armed--;
      armed = false;
    };
    this.most = Math.max(this.most, ++this.#armed);
    const timer = this.#clock.schedule(at, () => {
      disarm();
      this.fired++;
      callback();
    });
    return {
      [Symbol.dispose]: () => {
        disarm();
        timer[Symbol.dispose]();
      },
    };
  }
}
