import { UsageError } from "../usage-error.ts";

/** Reads a count such as `500`, `200k` or `2M`. @throws UsageError naming the flag */
export const parseCount = (text: string, flag: string): number => {
  const match = /^(\d+(?:\.\d+)?)([kKM]?)$/.exec(text.trim());
  const count = match === null ? Number.NaN : Math.round(Number(match[1]) * (scales[match[2] ?? ""] ?? 1));
  if (!(count >= 1 && Number.isSafeInteger(count))) {
    throw new UsageError(`${flag} must be a count such as 500, 200k or 2M, got ${JSON.stringify(text)}`);
  }
  return count;
};

const scales: Readonly<Record<string, number>> = { k: 1000, K: 1000, M: 1_000_000 };
