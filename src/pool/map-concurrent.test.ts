import { getEventListeners } from "node:events";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CallError } from "../call/call-error.ts";
import { sleep } from "../time/sleep.ts";
import { VirtualClock } from "../time/virtual-clock.ts";
import { mapConcurrent, type MapConcurrentOptions } from "./map-concurrent.ts";
import { followerCount } from "../time/on-abort.ts";

const options = (changes: Partial<MapConcurrentOptions> = {}): MapConcurrentOptions => ({
  window: () => 4,
  order: "input",
  signal: new AbortController().signal,
  ...changes,
});

const collect = async <T>(loop: AsyncIterable<T>, into: T[] = []): Promise<T[]> => {
  for await (const value of loop) into.push(value);
  return into;
};

const double = async (item: number): Promise<number> => item * 2;

/** A source that tells what was asked of it. */
const watched = (count: number, asynchronous: boolean) => {
  const seen = { pulls: 0, open: 0, mostOpen: 0, closed: 0 };
  const next = (): IteratorResult<number, undefined> =>
    seen.pulls < count ? { done: false, value: seen.pulls++ } : { done: true, value: undefined };
  const close = (): IteratorResult<number, undefined> => {
    seen.closed++;
    return { done: true, value: undefined };
  };
  const sync: Iterable<number> = { [Symbol.iterator]: () => ({ next, return: close }) };
  const async: AsyncIterable<number> = {
    [Symbol.asyncIterator]: () => ({
      next: async () => {
        seen.mostOpen = Math.max(seen.mostOpen, ++seen.open);
        await Promise.resolve();
        seen.open--;
        return next();
      },
      return: async () => close(),
    }),
  };
  return { seen, source: asynchronous ? async : sync };
};

describe("mapConcurrent", () => {
  it("gives every result exactly once, in the asked order, and never has more out than the window", async () => {
    const delays = fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 40 });
    const order = fc.constantFrom("input" as const, "completion" as const);
    const windows = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(delays, order, windows, fc.boolean(), async (times, wanted, sizes, asynchronous) => {
        const clock = new VirtualClock();
        const { seen, source } = watched(times.length, asynchronous);
        const signal = new AbortController().signal;
        const finished: number[] = [];
        const taken: number[] = [];
        let out = 0;
        let asked = 0;
        const run = async (): Promise<void> => {
          const work = async (item: number, index: number): Promise<number> => {
            expect(index).toBe(item);
            expect(++out).toBeLessThanOrEqual(Math.max(...sizes));
            await sleep(clock, times[item] ?? 0, signal);
            finished.push(item);
            return item;
          };
          const window = (): number => sizes[asked++ % sizes.length] ?? 1;
          for await (const value of mapConcurrent(source, work, { window, order: wanted, signal })) {
            out--;
            taken.push(value);
          }
        };
        await clock.until(run());
        expect(taken).toEqual(wanted === "input" ? times.map((_, index) => index) : finished);
        expect(taken.toSorted((a, b) => a - b)).toEqual(times.map((_, index) => index));
        expect(seen.mostOpen).toBeLessThanOrEqual(1);
        expect(seen.closed).toBe(0);
        expect(clock.armed).toBe(0);
      }),
    );
  });

  it("takes from the source only as there is room, even when the source could give for ever", async () => {
    let given = 0;
    function* endless(): Generator<number> {
      for (;;) yield given++;
    }
    const loop = mapConcurrent(endless(), double, options());
    expect(given).toBe(0);
    expect((await loop.next()).value).toBe(0);
    await new Promise((resolve) => setImmediate(resolve));
    expect(given).toBe(4);
    expect((await loop.next()).value).toBe(2);
    expect(given).toBe(5);
    await loop.return();
  });

  it("takes more when the window has grown, at the next step", async () => {
    const clock = new VirtualClock();
    let window = 1;
    let started = 0;
    const work = async (_item: number, index: number, { signal }: AbortController): Promise<void> => {
      started++;
      await sleep(clock, index === 0 ? 1 : 100, signal);
    };
    const loop = collect(mapConcurrent([1, 2, 3, 4, 5], work, options({ window: () => window })));
    window = 3;
    await clock.advance(2);
    expect(started).toBe(4);
    await clock.until(loop);
  });

  it("shares no signal among items that are in work at the same time, and few among all", async () => {
    const clock = new VirtualClock();
    const seen = new Set<AbortSignal>();
    let most = 0;
    const work = async (_item: number, _index: number, { signal }: AbortController): Promise<void> => {
      seen.add(signal);
      const waiting = sleep(clock, 10, signal);
      most = Math.max(most, getEventListeners(signal, "abort").length);
      await waiting;
    };
    await clock.until(collect(mapConcurrent(Array(500).keys(), work, options({ window: () => 50 }))));
    expect(most).toBe(1);
    expect(seen.size).toBe(50);
  });

  it("counts a window below one as one", async () => {
    expect(await collect(mapConcurrent([1, 2], double, options({ window: () => 0 })))).toEqual([2, 4]);
  });

  it("gives nothing for an empty source", async () => {
    expect(await collect(mapConcurrent<number, number>([], double, options()))).toEqual([]);
  });

  it("reads the characters of a string and the chunks of a web stream", async () => {
    const upper = async (text: string): Promise<string> => text.toUpperCase();
    const stream = new ReadableStream<string>({
      start(controller) {
        controller.enqueue("c");
        controller.close();
      },
    });
    expect(await collect(mapConcurrent("ab", upper, options()))).toEqual(["A", "B"]);
    expect(await collect(mapConcurrent(stream, upper, options()))).toEqual(["C"]);
  });

  it("lets timers have their turn when the work never waits", async () => {
    let fired = false;
    let firedAt = -1;
    setImmediate(() => (fired = true));
    const breathe = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
    let count = 0;
    for await (const _ of mapConcurrent(Array(2000).keys(), double, options({ breathe }))) {
      count++;
      if (fired && firedAt < 0) firedAt = count;
    }
    expect(count).toBe(2000);
    expect(firedAt).toBe(257);
  });
});

describe("leaving the loop of mapConcurrent", () => {
  it.each([
    { kind: "synchronous", asynchronous: false },
    { kind: "asynchronous", asynchronous: true },
  ])("cancels the started work, waits for its end and closes the $kind source once", async ({ asynchronous }) => {
    const clock = new VirtualClock();
    const { seen, source } = watched(100, asynchronous);
    const reasons: unknown[] = [];
    let running = 0;
    const work = async (item: number, _index: number, { signal }: AbortController): Promise<number> => {
      running++;
      await sleep(clock, item === 0 ? 1 : 1000, signal).catch((error: unknown) => reasons.push(error));
      await sleep(clock, 5, new AbortController().signal);
      running--;
      return item;
    };
    const signal = new AbortController().signal;
    const drain = new AbortController().signal;
    const run = async (): Promise<void> => {
      for await (const _ of mapConcurrent(source, work, options({ order: "completion", signal, drains: [drain] })))
        break;
      expect(running).toBe(0);
    };
    await clock.until(run());
    expect(reasons).toHaveLength(3);
    expect(reasons.every((reason) => reason instanceof CallError && reason.code === "cancelled")).toBe(true);
    expect(seen.closed).toBe(1);
    expect(clock.armed).toBe(0);
    expect([followerCount(signal), followerCount(drain)]).toEqual([0, 0]);
  });

  it("passes on what the body of the loop has thrown", async () => {
    const { seen, source } = watched(9, true);
    const run = async (): Promise<void> => {
      for await (const value of mapConcurrent(source, double, options())) throw new Error(`at ${value}`);
    };
    await expect(run()).rejects.toThrow("at 0");
    expect(seen.closed).toBe(1);
  });

  it("does not wait for a pull that is pending", async () => {
    async function* slow(): AsyncGenerator<number> {
      yield 1;
      await new Promise(() => {});
    }
    const taken: number[] = [];
    for await (const value of mapConcurrent(slow(), double, options())) {
      taken.push(value);
      break;
    }
    expect(taken).toEqual([2]);
  });

  it("throws what the source throws when it is closed", async () => {
    const close = (): never => {
      throw new Error("cannot close");
    };
    const stubborn: Iterable<number> = {
      [Symbol.iterator]: () => ({ next: () => ({ done: false, value: 1 }), return: close }),
    };
    const run = async (): Promise<void> => {
      for await (const _ of mapConcurrent(stubborn, double, options())) break;
    };
    await expect(run()).rejects.toThrow("cannot close");
  });
});

describe("failures in mapConcurrent", () => {
  it("delivers the results of the started work before the error of the source", async () => {
    const clock = new VirtualClock();
    function* broken(): Generator<number> {
      yield 1;
      yield 2;
      throw new Error("line 3 is not JSON");
    }
    const taken: number[] = [];
    const work = async (item: number, _index: number, { signal }: AbortController): Promise<number> => {
      await sleep(clock, 10, signal);
      return item;
    };
    const run = collect(mapConcurrent(broken(), work, options()), taken);
    await expect(clock.until(run)).rejects.toThrow("line 3 is not JSON");
    expect(taken).toEqual([1, 2]);
  });

  it("throws the error of an asynchronous source that fails at once", async () => {
    const source: AsyncIterable<number> = {
      [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(new Error("cannot read")) }),
    };
    await expect(collect(mapConcurrent(source, double, options()))).rejects.toThrow("cannot read");
  });

  it.each(["rejects", "throws"])("cancels the rest when work %s, and throws that error", async (how) => {
    const clock = new VirtualClock();
    const { seen, source } = watched(100, false);
    let cancelled = 0;
    const work = (item: number, _index: number, { signal }: AbortController): Promise<number> => {
      const failure = new Error("broken work");
      if (item === 2 && how === "throws") throw failure;
      if (item === 2) return Promise.reject(failure);
      return sleep(clock, 1000, signal).then(
        () => item,
        (reason: unknown) => {
          cancelled++;
          throw reason;
        },
      );
    };
    const run = collect(mapConcurrent(source, work, options()));
    await expect(clock.until(run)).rejects.toThrow("broken work");
    expect(cancelled).toBe(how === "throws" ? 2 : 3);
    expect(seen.closed).toBe(1);
  });

  it("does not begin when its signal has aborted", async () => {
    const { seen, source } = watched(9, false);
    const signal = AbortSignal.abort(new Error("shut down"));
    await expect(collect(mapConcurrent(source, double, options({ signal })))).rejects.toMatchObject({
      code: "cancelled",
      message: "The call was cancelled: shut down",
    });
    expect(seen).toMatchObject({ pulls: 0, closed: 1 });
  });

  it.each(["input", "completion"] as const)("delivers what aborted work still gives in %s order", async (order) => {
    const clock = new VirtualClock();
    const controller = new AbortController();
    const taken: number[] = [];
    const work = async (item: number, index: number, { signal }: AbortController): Promise<number> => {
      if (index % 2 === 0) await sleep(clock, 100, signal);
      await sleep(clock, 100, signal).catch(() => {});
      return item;
    };
    const run = collect(
      mapConcurrent([10, 11, 12, 13, 14], work, options({ order, signal: controller.signal })),
      taken,
    );
    await clock.advance(50);
    controller.abort();
    await expect(clock.until(run)).rejects.toMatchObject({ code: "cancelled" });
    expect(taken).toEqual([11, 13]);
  });
});

describe("draining mapConcurrent", () => {
  it("takes no more items but delivers the results of the started work", async () => {
    const clock = new VirtualClock();
    const drain = new AbortController();
    const { seen, source } = watched(100, true);
    const work = async (item: number, _index: number, { signal }: AbortController): Promise<number> => {
      await sleep(clock, 10, signal);
      return item;
    };
    const run = collect(mapConcurrent(source, work, options({ drains: [drain.signal] })));
    await clock.advance(15);
    drain.abort();
    expect(await clock.until(run)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(seen).toMatchObject({ pulls: 8, closed: 1 });
  });

  it("does not wait for a source that is slow to give", async () => {
    const drain = new AbortController();
    async function* typing(): AsyncGenerator<number> {
      yield 1;
      await new Promise(() => {});
    }
    const run = collect(mapConcurrent(typing(), double, options({ drains: [drain.signal] })));
    await new Promise((resolve) => setImmediate(resolve));
    drain.abort();
    expect(await run).toEqual([2]);
  });

  it("ends at once when it was drained before it began", async () => {
    const { seen, source } = watched(9, true);
    expect(await collect(mapConcurrent(source, double, options({ drains: [AbortSignal.abort()] })))).toEqual([]);
    expect(seen.pulls).toBe(0);
  });
});
