import { CallError } from "../../src/call/call-error.ts";
import { usualLatency } from "../../src/simulator/usual-latency.ts";
import { createVirtualProvider, type VirtualBooks } from "../../src/simulator/virtual-provider.ts";
import { VirtualClock } from "../../src/time/virtual-clock.ts";
import { virtualCall, virtualContext } from "../../test/fixtures/virtual-call.ts";
import { drawCalls } from "./chat-calls.ts";
import type { ClientWorld, QuotaClient } from "./quota-client.ts";
import type { ServerWorld } from "./server-worlds.ts";
import { withGlobals } from "./virtual-globals.ts";

/** What a client got out of a server while demand never ended. */
export interface SteadyResult {
  /** What was had of what the server would have granted; above 1 where it gives away more than it says. */
  readonly share: number;
  /** 429s of all attempts. */
  readonly refused: number;
  /** 429s of all attempts in the first minute, which counts for nothing else. */
  readonly refusedAtFirst: number;
  readonly attempts: number;
  /** Calls that failed for good. */
  readonly lost: number;
  /** Calls at once in the mean, as the server sees it. */
  readonly meanAtOnce: number;
}

/** How a steady run is made. */
export interface SteadyOptions {
  /** @default 10 */
  readonly minutes?: number;
  /** @default 1 */
  readonly seed?: number;
}

/** Lets a client work on endless demand; after a first minute its share is taken. */
export const steadyRun = async (
  client: QuotaClient,
  { options, faults = 0, known, law }: ServerWorld,
  { minutes = 10, seed = 1 }: SteadyOptions = {},
): Promise<SteadyResult> => {
  const clock = new VirtualClock();
  const endMs = (1 + minutes) * minuteMs;
  let workMs = 0;
  const latency: typeof usualLatency = (rng, input, output) => {
    const drawn = usualLatency(rng, input, output);
    if (clock.now() >= minuteMs && clock.now() < endMs) workMs += drawn.totalMs;
    return drawn;
  };
  const provider = createVirtualProvider({ ...options, faults, latency, seed, clock });
  let lost = 0;
  let slotMs = 0;
  const sample = (): void => {
    if (clock.now() >= minuteMs) slotMs += provider.books().inFlight * sampleMs;
    if (clock.now() + sampleMs < endMs) clock.schedule(clock.now() + sampleMs, sample);
  };
  sample();
  const world: ClientWorld = {
    clock,
    provider,
    known,
    attempt: async (call) => {
      await provider.handle(virtualCall(call), virtualContext(clock));
    },
    calls: untilEnd(drawCalls(law, Infinity, seed + 1), clock, endMs),
    lost: () => void (lost += clock.now() >= minuteMs ? 1 : 0),
  };
  await withGlobals(clock, async () => {
    const running = client(world).catch(rethrowUnlessCall);
    await clock.advance(endMs);
    await Promise.race([running, Promise.resolve()]);
  });
  const books = provider.books();
  const all = minutes * minuteMs;
  return {
    share: known.unit === "slot" ? workMs / (known.limit * all) : shareOf(books, known, endMs),
    ...refusals(books, endMs),
    lost,
    meanAtOnce: slotMs / all,
  };
};

const minuteMs = 60_000;
const sampleMs = 5000;

/** A bucket that is still full after the first minute is no part of what ten minutes have to give. */
const shareOf = (books: VirtualBooks, { unit, limit }: ServerWorld["known"], endMs: number): number => {
  if (unit === "slot") return 0;
  const [had = 0, others = 0, could = 0] = (["taken", "foreign", "grantable"] as const).map(
    (amounts) => books[amounts](minuteMs, endMs)[unit] ?? 0,
  );
  return (had + others) / Math.min(could, (limit * (endMs - minuteMs)) / minuteMs);
};

const refusals = (
  books: VirtualBooks,
  endMs: number,
): Pick<SteadyResult, "refused" | "refusedAtFirst" | "attempts"> => {
  const between = (series: Float64Array, from: number, to: number): number =>
    series.subarray(from / 1000, to / 1000).reduce((sum, value) => sum + value, 0);
  const ofAll = (from: number, to: number): { readonly refused: number; readonly attempts: number } => {
    const throttled = between(books.throttledPerSecond, from, to);
    const attempts = throttled + between(books.grantedPerSecond, from, to);
    return { refused: attempts === 0 ? 0 : throttled / attempts, attempts };
  };
  return { ...ofAll(minuteMs, endMs), refusedAtFirst: ofAll(0, minuteMs).refused };
};

const untilEnd = function* <T>(items: Iterable<T>, clock: VirtualClock, endMs: number): Generator<T> {
  for (const item of items) {
    if (clock.now() >= endMs) return;
    yield item;
  }
};

/** A client under test may be left with a call that fails after the end. */
const rethrowUnlessCall = (error: unknown): void => {
  if (!(error instanceof CallError)) throw error;
};
