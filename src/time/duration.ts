/** A length of time: milliseconds, or a string such as `'500ms'`, `'3s'`, `'2m'`, `'1h'`. */
export type Duration = number | `${number}${"ms" | "s" | "m" | "h"}`;

const unitMs = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 } as const;

/**
 * Milliseconds in a duration.
 *
 * @param name what the duration is for, as the user wrote it: it stands in the error.
 * @throws RangeError when it is not a duration of at least 1 ms.
 */
export const durationMs = (value: number | string, name: string): number => {
  const ms = typeof value === "string" ? parsed(value) : value;
  if (!(ms >= 1 && Number.isFinite(ms))) {
    throw new RangeError(
      `Cannot use ${name}: it must be a duration such as '500ms', '3s', '2m' or '1h', got ${typeof value === "string" ? JSON.stringify(value) : String(value)}`,
    );
  }
  return ms;
};

const parsed = (text: string): number => {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(text.trim());
  return match === null ? NaN : Number(match[1]) * unitMs[match[2] as keyof typeof unitMs];
};
