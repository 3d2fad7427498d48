/** Whether and how often a call that hangs at the end of many is made a second time. */
export interface HedgeOptions {
  /** Of all calls, at most this share is made twice: that is what it may cost. @default 0.01 */
  readonly maxShare?: number;
  /** At most so many at the end of one batch. @default 5 */
  readonly maxCalls?: number;
  /** Says that calls which store something, run in the background or use tools may be made twice too. @default false */
  readonly idempotent?: boolean;
}

/** The options with their defaults. @throws RangeError when one makes no sense. */
export const hedgeSettings = (options: HedgeOptions): Required<HedgeOptions> => {
  const { maxShare = 0.01, maxCalls = 5, idempotent = false } = options;
  if (!(maxShare > 0 && maxShare <= 1))
    throw new RangeError(`Cannot hedge: "maxShare" must be above 0 and at most 1, got ${maxShare}`);
  if (!Number.isInteger(maxCalls) || maxCalls < 1)
    throw new RangeError(`Cannot hedge: "maxCalls" must be a whole number of at least 1, got ${maxCalls}`);
  return { maxShare, maxCalls, idempotent };
};
