import type { Limits } from "./limits.ts";

/** One limit as it stands. */
export interface LimitStats {
  readonly name: keyof Limits;
  /** Absent when nobody knows it. */
  readonly value?: number;
  /** `header`: the provider's own headers say it. `learned`: found out from how calls ended. */
  readonly source: "configured" | "header" | "learned";
  /** How much of it is in use now. */
  readonly used: number;
  /** In which time `value` counts; absent for calls at once. */
  readonly periodMs?: number;
  /** What the provider lets through at once after a rest, where that is known. */
  readonly burst?: number;
  /** Whether the call that is next in line waits for this one. */
  readonly binding?: boolean;
}
