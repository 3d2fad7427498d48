import { checkKeys } from "../call/check-keys.ts";
import type { Timeouts } from "../call/context.ts";
import { durationMs } from "../time/duration.ts";
import type { TimeoutOptions } from "./timeout-options.ts";

/**
 * Every clock in milliseconds; those that are not named are as in `defaults`.
 *
 * @throws RangeError when one is not a duration.
 */
export const timeoutMs = (options: TimeoutOptions = {}, defaults: Timeouts = defaultTimeouts): Timeouts => {
  checkKeys("time calls", "timeout", options, ["attempt", "firstContent", "idle", "total"]);
  return inMilliseconds(options, defaults);
};

const inMilliseconds = ({ attempt, firstContent, idle, total }: TimeoutOptions, defaults: Timeouts): Timeouts => ({
  attemptMs: attempt === undefined ? defaults.attemptMs : durationMs(attempt, '"timeout.attempt"'),
  firstContentMs:
    firstContent === undefined ? defaults.firstContentMs : durationMs(firstContent, '"timeout.firstContent"'),
  idleMs: idle === undefined ? defaults.idleMs : durationMs(idle, '"timeout.idle"'),
  totalMs: totalOf(total, defaults),
});

const totalOf = (total: TimeoutOptions["total"], defaults: Timeouts): number => {
  if (total === "none") return Infinity;
  return total === undefined ? defaults.totalMs : durationMs(total, '"timeout.total"');
};

const defaultTimeouts: Timeouts = { attemptMs: 600_000, firstContentMs: 120_000, idleMs: 60_000, totalMs: 1_800_000 };
