/** Throws a `RangeError` in one voice when an option does not pass. */
export type OptionCheck = <T>(name: string, value: T, passes: (value: T) => boolean, must: string) => void;

/** Checks options; what cannot be done with a wrong one stands first in the error. */
export const optionCheck =
  (cannot: string): OptionCheck =>
  (name, value, passes, must) => {
    if (passes(value)) return;
    const got = typeof value === "number" ? value : JSON.stringify(value);
    throw new RangeError(`${cannot}: "${name}" must be ${must}, got ${got}`);
  };

/** Whether a value is a whole number between two others. */
export const wholeUpTo =
  (least: number, most: number = Number.MAX_SAFE_INTEGER) =>
  (value: number): boolean =>
    Number.isInteger(value) && value >= least && value <= most;
