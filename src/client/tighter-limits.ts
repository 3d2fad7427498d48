import type { ConcurrencyBounds, Limits } from "../limit/limits.ts";
import { rateNames } from "../limit/rates.ts";

/** Limits that hold where two sets of them do: of each kind the lower one. */
export const tighterLimits = (one: Limits, other: Limits | undefined): Limits => {
  if (other === undefined) return one;
  const rates = rateNames.flatMap((name) => {
    const values = [one[name], other[name]].filter((value) => value !== undefined);
    return values.length === 0 ? [] : [[name, Math.min(...values)] as const];
  });
  const maxConcurrent = fewerAtOnce(one.maxConcurrent, other.maxConcurrent);
  return { ...Object.fromEntries(rates), ...(maxConcurrent === undefined ? {} : { maxConcurrent }) };
};

/** A number counts as it is, bounds by their upper end; `auto` leaves the other one its say. */
const fewerAtOnce = (a: Limits["maxConcurrent"], b: Limits["maxConcurrent"]): Limits["maxConcurrent"] | undefined => {
  if (a === undefined || a === "auto") return b ?? a;
  if (b === undefined || b === "auto") return a;
  return mostOf(a) <= mostOf(b) ? a : b;
};

const mostOf = (value: number | ConcurrencyBounds): number =>
  typeof value === "number" ? value : (value.max ?? Math.max(1024, value.min ?? 1));
