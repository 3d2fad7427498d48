import type { Limits } from "./limits.ts";

/** One limit as it stands. */
export interface LimitStats {
  readonly name: keyof Limits;
  /** Absent when nobody knows it. */
  readonly value?: number;
  readonly source: "configured" | "header" | "learned" | "auto";
  /** How much of it is in use now. */
  readonly used: number;
}
