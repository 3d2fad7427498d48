/** An allowance per minute, as arithmetic: the time is passed in, never goes back, and nothing ticks. */
export interface Quota {
  /** What a minute allows. */
  readonly limit: number;
  /** The window that the quota is counted over; a minute for a bucket. */
  readonly periodMs: number;
  /** Milliseconds until `amount` fits: 0 when it fits now, `Infinity` when it never will. */
  waitMs(now: number, amount: number): number;
  /** Takes `amount`, whether it fits or not. */
  charge(now: number, amount: number): void;
  /** What could be taken now, fractions included; negative while a debt is paid off. */
  level(now: number): number;
  /** Milliseconds until everything is available again. */
  resetMs(now: number): number;
  /** What clients that take everything as soon as it is there get in a span. */
  grantable(span: QuotaSpan): number;
}

/** A span of time, and what happened before it. */
interface QuotaSpan {
  readonly fromMs: number;
  readonly toMs: number;
  /** The quota's level at the beginning. */
  readonly level: number;
  /** What was charged between two times before the span. */
  readonly charged: (fromMs: number, toMs: number) => number;
}

/** What limits are given for. */
export const minuteMs = 60_000;

/** Sums of fractions miss a whole number by less than this; a caller who waited as told must not be refused for it. */
export const tolerance = 1e-6;
