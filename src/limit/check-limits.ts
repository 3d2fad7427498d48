import { checkKeys } from "../call/check-keys.ts";
import type { Limits } from "./limits.ts";

/** @throws RangeError when a limit is not a number above 0. */
export const checkLimits = (limits: Limits, names: readonly (keyof Limits)[]): void => {
  checkKeys("limit calls", "limits", limits, ["maxConcurrent", ...names]);
  checkConcurrency(limits);
  for (const name of names) {
    const limit = limits[name];
    if (limit === undefined || (typeof limit === "number" && Number.isFinite(limit) && limit >= 1)) continue;
    throw new RangeError(`Cannot limit calls: "${name}" must be a number from 1, got ${shown(limit)}`);
  }
};

const checkConcurrency = ({ maxConcurrent = "auto" }: Limits): void => {
  if (maxConcurrent === "auto" || isCount(maxConcurrent)) return;
  if (typeof maxConcurrent !== "object" || maxConcurrent === null) {
    throw new RangeError(
      `Cannot limit calls: "maxConcurrent" must be 'auto', a whole number from 1, or { min, max }, got ${String(maxConcurrent)}`,
    );
  }
  checkKeys("limit calls", "maxConcurrent", maxConcurrent, ["min", "max"]);
  const { min = 1, max = Math.max(1024, min) } = maxConcurrent;
  if (isCount(min) && isCount(max) && min <= max) return;
  throw new RangeError(
    `Cannot limit calls: "maxConcurrent" must have whole numbers from 1 with min <= max, got { min: ${String(min)}, max: ${String(max)} }`,
  );
};

const shown = (limit: unknown): string => (typeof limit === "number" ? String(limit) : JSON.stringify(limit));

const isCount = (value: unknown): boolean => Number.isInteger(value) && Number(value) >= 1;
