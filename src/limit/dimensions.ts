import { checkKeys } from "../call/check-keys.ts";
import { AdaptiveSlots } from "./adaptive-slots.ts";
import type { Dimension, Unit } from "./dimension.ts";
import type { Limits } from "./limits.ts";
import { Pace } from "./pace.ts";
import { RollingWindow } from "./rolling-window.ts";
import { Slots } from "./slots.ts";

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

/** Every rate a user can configure, as data. */
const rates: readonly { readonly name: RateName; readonly unit: Unit; readonly periodMs: number }[] = [
  { name: "requestsPerMinute", unit: "request", periodMs: minuteMs },
  { name: "tokensPerMinute", unit: "total", periodMs: minuteMs },
  { name: "inputTokensPerMinute", unit: "input", periodMs: minuteMs },
  { name: "outputTokensPerMinute", unit: "output", periodMs: minuteMs },
  { name: "requestsPerDay", unit: "request", periodMs: dayMs },
  { name: "tokensPerDay", unit: "total", periodMs: dayMs },
];

type RateName = Exclude<keyof Limits, "maxConcurrent">;

/**
 * The dimensions that hold the configured limits; what an earlier set has counted goes on counting.
 *
 * @param since limits that the earlier set did not have count what is taken after this time.
 */
export const dimensionsOf = (
  limits: Limits,
  earlier: readonly Dimension[] = [],
  since: number = -Infinity,
): Dimension[] => {
  checkLimits(limits);
  const dimensions: Dimension[] = [slotsOf(limits, earlier)];
  for (const { name, unit, periodMs } of rates) {
    const limit = limits[name];
    if (limit === undefined) continue;
    const options = { name, unit, limit, periodMs, since };
    const window = new RollingWindow(options);
    // A day's quota is not spread over the day: the job may have to end today.
    const made = periodMs === minuteMs ? [new Pace(options), window] : [window];
    for (const before of earlier) if (before.name === name) for (const dimension of made) dimension.adopt(before);
    dimensions.push(...made);
  }
  return dimensions;
};

const slotsOf = ({ maxConcurrent = "auto" }: Limits, earlier: readonly Dimension[]): Dimension => {
  const before = earlier.find((dimension) => dimension.unit === "slot");
  if (maxConcurrent !== "auto") return new Slots(maxConcurrent, before?.used(0));
  return before instanceof AdaptiveSlots ? before : new AdaptiveSlots({}, before?.used(0));
};

/** @throws RangeError when a limit is not a number above 0. */
const checkLimits = (limits: Limits): void => {
  checkKeys("limit calls", "limits", limits, ["maxConcurrent", ...rates.map(({ name }) => name)]);
  const { maxConcurrent = "auto" } = limits;
  if (maxConcurrent !== "auto" && !(Number.isInteger(maxConcurrent) && maxConcurrent >= 1)) {
    throw new RangeError(
      `Cannot limit calls: "maxConcurrent" must be 'auto' or a whole number from 1, got ${String(maxConcurrent)}`,
    );
  }
  for (const { name } of rates) {
    const limit = limits[name];
    if (limit === undefined || (Number.isFinite(limit) && limit >= 1)) continue;
    throw new RangeError(`Cannot limit calls: "${name}" must be a number from 1, got ${String(limit)}`);
  }
};
