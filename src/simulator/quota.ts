/** An allowance per minute, as arithmetic: the time is passed in, nothing ticks. */
export interface Quota {
  /** What a minute allows. */
  readonly limit: number;
  /** Milliseconds until `amount` fits: 0 when it fits now, `Infinity` when it never will. */
  waitMs(now: number, amount: number): number;
  /** Takes `amount`, whether it fits or not. */
  charge(now: number, amount: number): void;
  /** What could be taken now, fractions included; negative while a debt is paid off. */
  level(now: number): number;
  /** Milliseconds until everything is available again. */
  resetMs(now: number): number;
}
