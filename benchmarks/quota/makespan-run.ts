import { exactLowerBound } from "../../src/observe/lower-bound.ts";
import { createVirtualProvider } from "../../src/simulator/virtual-provider.ts";
import { VirtualClock } from "../../src/time/virtual-clock.ts";
import { virtualCall, virtualContext } from "../../test/fixtures/virtual-call.ts";
import { type ChatCall, drawCalls, evenLaw } from "./chat-calls.ts";
import { exactLatency, type QuotaClient } from "./quota-client.ts";
import { type ServerWorld, tokensBind, requestsBind } from "./server-worlds.ts";
import { withGlobals } from "./virtual-globals.ts";

/** A job with an end, on a server whose delays are known. */
export interface Job {
  readonly name: string;
  readonly world: ServerWorld;
  readonly calls: number;
}

const requests = (limit: number, burstMs: number): ServerWorld => requestsBind("", { burstMs }, limit, evenLaw);
const tokens = (burstMs: number): ServerWorld => tokensBind("", { burstMs }, 4_000_000, evenLaw);
const callsInMinute = Math.round(4_000_000 / (evenLaw.mean.input + evenLaw.mean.output));

/** Short, cold and long. */
export const jobs: readonly Job[] = [
  { name: "1 minute of requests, bucket 60 s", world: requests(2000, 60_000), calls: 2000 },
  { name: "1 minute of tokens, bucket 60 s", world: tokens(60_000), calls: callsInMinute },
  { name: "800 calls, 1,200 rpm, bucket 10 s", world: requests(1200, 10_000), calls: 800 },
  { name: "10 minutes of requests, bucket 60 s", world: requests(2000, 60_000), calls: 20_000 },
  { name: "10 minutes of tokens, bucket 60 s", world: tokens(60_000), calls: 10 * callsInMinute },
];

/** How long a job took. */
export interface JobResult {
  readonly makespanMs: number;
  /** No schedule is faster on a server whose bucket is full at the start. */
  readonly lowerBoundMs: number;
  /** The same for one whose bucket is empty at the start. */
  readonly pacedBoundMs: number;
  /** 429s of all attempts. */
  readonly refused: number;
  readonly attempts: number;
  readonly lost: number;
}

/** Lets a client do a whole job from a cold start. */
export const makespanRun = async (client: QuotaClient, { world, calls: count }: Job, seed = 1): Promise<JobResult> => {
  const clock = new VirtualClock();
  const { options, faults = 0 } = world;
  const provider = createVirtualProvider({ ...options, faults, networkMs, latency: exactLatency, seed, clock });
  const calls = Array.from(drawCalls(world.law, count, seed + 1));
  let lost = 0;
  let doneAt = 0;
  await withGlobals(clock, async () => {
    const attempt = async (call: ChatCall): Promise<void> => {
      await provider.handle(virtualCall(call), virtualContext(clock));
    };
    const work = client({ clock, provider, known: world.known, attempt, calls, lost: () => void lost++ });
    await clock.until(work.then(() => void (doneAt = clock.now())));
  });
  const { throttled, attempts } = provider.books();
  const depth = (world.known.limit * (options.burstMs ?? 60_000)) / 60_000;
  return {
    makespanMs: doneAt,
    lowerBoundMs: bound(world, calls, depth),
    pacedBoundMs: bound(world, calls, 1),
    refused: throttled / attempts,
    attempts,
    lost,
  };
};

const networkMs = 40;

const bound = ({ known }: ServerWorld, calls: readonly ChatCall[], burst: number): number =>
  exactLowerBound({
    calls: calls.map(({ input, output }) => ({ input, output, latencyMs: 500 + 15 * output + 2 * networkMs })),
    rates: [
      {
        name: "quota",
        unit: known.unit === "total" ? "total" : "request",
        limit: known.limit,
        periodMs: 60_000,
        burst,
      },
    ],
  }).lowerBoundMs;
