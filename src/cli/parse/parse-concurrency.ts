import { UsageError } from "../usage-error.ts";

/** Reads how many calls may run at once: a number, or `auto`. @throws UsageError naming the flag */
export const parseConcurrency = (text: string, flag: string): number | "auto" => {
  const value = text.trim();
  if (value === "auto") return "auto";
  if (/^[1-9]\d*$/.test(value) && Number.isSafeInteger(Number(value))) return Number(value);
  if (/^\d+-\d+$/.test(value)) {
    throw new UsageError(`${flag} ${value}: a range is not supported yet`, [
      `give one number, or leave ${flag} at auto`,
    ]);
  }
  throw new UsageError(`${flag} must be a whole number of at least 1, or auto, got ${JSON.stringify(text)}`);
};
