import { QuotaLimiter } from "../../../src/limit/quota-limiter.ts";
import { VirtualClock } from "../../../src/time/virtual-clock.ts";
import type { TargetGroup, TargetResult } from "./target.ts";

/** L7: what the limiter itself costs. */
export const costTargets: TargetGroup = {
  name: "L7",
  measure: async () => [await timed(1, 3), await timed(10_000, 10), memory()],
};

const usage = { inputTokens: 10, outputTokens: 5, cachedTokens: 0, reasoningTokens: 0 };
const demand = { inputTokens: 10, outputTokens: 5 };
const room = 1e12;
const limits = {
  requestsPerMinute: room,
  tokensPerMinute: room,
  inputTokensPerMinute: room,
  outputTokensPerMinute: room,
};
const rounds = 30;

/** Queue `flows` or a thousand calls, then let each that ends make room for the next: one enqueue, grant and settle a call. */
const timed = async (flows: number, aimMicroseconds: number): Promise<TargetResult> => {
  const queued = Math.max(flows, 1000);
  const micros: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const limiter = new QuotaLimiter({ clock: new VirtualClock(), limits: { ...limits, maxConcurrent: 1 } });
    const startedAt = process.hrtime.bigint();
    const calls: Promise<void>[] = [];
    for (let sequence = 0; sequence < queued; sequence++) {
      const admitted = limiter.admit({ id: "c", demand, sequence, tenant: flows === 1 ? "" : String(sequence) });
      calls.push(admitted.then((permit) => permit.settle({ ok: true, usage })));
    }
    await Promise.all(calls);
    micros.push(Number(process.hrtime.bigint() - startedAt) / 1000 / queued);
  }
  const middle = micros.toSorted((a, b) => a - b)[rounds >> 1] ?? Infinity;
  return {
    name: `L7 enqueue + grant + settle, 4 rates, ${flows.toLocaleString("en")} flow${flows === 1 ? "" : "s"}`,
    aim: `<= ${aimMicroseconds} µs`,
    measured: `${middle.toFixed(2)} µs`,
    met: middle <= aimMicroseconds,
  };
};

const million = 1_000_000;

const memory = (): TargetResult => {
  const limiter = new QuotaLimiter({
    clock: new VirtualClock(),
    limits: { ...limits, maxConcurrent: 1 },
    maxQueued: million,
  });
  const waiting: (Promise<unknown> | undefined)[] = Array.from({ length: million }, () => undefined);
  globalThis.gc?.();
  const before = process.memoryUsage().heapUsed;
  for (let sequence = 0; sequence < million; sequence++)
    waiting[sequence] = limiter.admit({ id: "c", demand, sequence });
  globalThis.gc?.();
  const bytes = (process.memoryUsage().heapUsed - before) / million;
  return {
    name: "L7 memory of a queued call, of a million",
    aim: "<= 400 bytes",
    measured: `${bytes.toFixed(1)} bytes (${limiter.queued.toLocaleString("en")} queued)`,
    met: bytes <= 400,
  };
};
