/** When a breaker opens, and for how long. */
export interface BreakerOptions {
  /** Opens when this share of the last minute's attempts failed … @default 0.5 */
  readonly failureShare?: number;
  /** … of at least so many. @default 20 */
  readonly minAttempts?: number;
  /** Opens after so many failures without a success between them, if they are more than what was begun before and may still succeed. @default 8 */
  readonly failuresInARow?: number;
  /** Opens when so many connections in a row could not be made. @default 5 */
  readonly unreachableInARow?: number;
  /** How long it stays open at first; twice as long after each try that failed. @default 5_000 */
  readonly openMs?: number;
  /** @default 120_000 */
  readonly longestOpenMs?: number;
  /** A try that has not ended within twice the usual time, and at least this, has failed. @default 10_000 */
  readonly probeMs?: number;
  /** @default 600_000 */
  readonly longestProbeMs?: number;
}

/** The options with their defaults. @throws RangeError when one makes no sense. */
export const breakerSettings = (options: BreakerOptions): Required<BreakerOptions> => {
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  const settings: Required<BreakerOptions> = { ...defaults, ...Object.fromEntries(given) };
  if (!(settings.failureShare > 0 && settings.failureShare <= 1))
    throw wrong("failureShare", "above 0 and at most 1", settings.failureShare);
  for (const name of ["minAttempts", "failuresInARow", "unreachableInARow"] as const)
    if (!Number.isInteger(settings[name]) || settings[name] < 1)
      throw wrong(name, "a whole number of at least 1", settings[name]);
  for (const name of ["openMs", "longestOpenMs", "probeMs", "longestProbeMs"] as const)
    if (!(settings[name] >= 1 && Number.isFinite(settings[name])))
      throw wrong(name, "at least 1 millisecond", settings[name]);
  return settings;
};

const defaults: Required<BreakerOptions> = {
  failureShare: 0.5,
  minAttempts: 20,
  failuresInARow: 8,
  unreachableInARow: 5,
  openMs: 5000,
  longestOpenMs: 120_000,
  probeMs: 10_000,
  longestProbeMs: 600_000,
};

const wrong = (name: string, must: string, value: number): RangeError =>
  new RangeError(`Cannot make a breaker: "${name}" must be ${must}, got ${value}`);
