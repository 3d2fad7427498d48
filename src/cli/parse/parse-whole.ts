import { UsageError } from "../usage-error.ts";

/** Reads a whole number within bounds. @throws UsageError naming the flag */
export const parseWhole = (
  text: string,
  flag: string,
  least: number,
  most: number = Number.MAX_SAFE_INTEGER,
): number => {
  const value = /^\d+$/.test(text.trim()) ? Number(text) : Number.NaN;
  if (!(value >= least && value <= most)) {
    const bounds = most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `from ${least} to ${most}`;
    throw new UsageError(`${flag} must be a whole number ${bounds}, got ${JSON.stringify(text)}`);
  }
  return value;
};
