import type { Ledger, LedgerEntry } from "../../../src/simulator/simulator.ts";
import { quotaBucket } from "../../../src/simulator/quota-bucket.ts";
import { quotaWindow } from "../../../src/simulator/quota-window.ts";
import type { Quota } from "../../../src/simulator/quota.ts";
import type { ServerWorld } from "../server-worlds.ts";

/** What a server granted of what it would have granted. */
export interface ServerShare {
  readonly share: number;
  readonly throttled: number;
  readonly attempts: number;
}

/** The interval that counts, in milliseconds after the first arrival. */
interface Interval {
  readonly startMs: number;
  readonly endMs: number;
}

/** Reads the share off the server's ledger, by keeping its quota once more. */
export const serverShare = (ledger: Ledger, world: ServerWorld, interval: Interval): ServerShare => {
  const { unit, limit } = world.known;
  const first = ledger.entries[0]?.atMs ?? 0;
  const [fromMs, toMs] = [first + interval.startMs, first + interval.endMs];
  const cost = (entry: LedgerEntry): number => (unit === "request" ? 1 : entry.promptTokens + entry.completionTokens);
  const granted = ledger.entries.filter(({ status }) => status !== 429);
  const quota = quotaOf(world);
  for (const entry of granted) if (entry.atMs < fromMs) quota.charge(entry.atMs, cost(entry));
  const level = Math.max(0, quota.level(fromMs));
  const could = quota.grantable({ fromMs, toMs, level, charged: () => 0 });
  const within = ({ atMs }: LedgerEntry): boolean => atMs >= fromMs && atMs < toMs;
  const had = granted.filter(within).reduce((sum, entry) => sum + cost(entry), 0);
  const attempts = ledger.entries.filter(within);
  return {
    share: had / Math.min(could, (limit * (toMs - fromMs)) / 60_000),
    throttled: attempts.filter(({ status }) => status === 429).length,
    attempts: attempts.length,
  };
};

const quotaOf = ({ known: { unit, limit }, options }: ServerWorld): Quota => {
  const own = unit === "request" ? options.requestQuota : options.tokenQuota;
  const { quota = "bucket", burstMs = 60_000 } = { ...options, ...(typeof own === "object" ? own : {}) };
  return quota === "window" ? quotaWindow({ limit, startAt: 0 }) : quotaBucket({ limit, burstMs, startAt: 0 });
};
