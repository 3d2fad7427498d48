import type { Percentiles } from "../../observe/recent-values.ts";
import { secondsText } from "./time-text.ts";
import type { Words } from "./words.ts";

/** Percentiles with their names: `p50 0.9s  p95 2.6s`; empty when nothing has been measured. */
export const percentiles = (
  values: Percentiles,
  names: readonly (keyof Percentiles)[],
  words: Pick<Words, "units">,
): string =>
  names
    .flatMap((name) => {
      const value = values[name];
      return value === undefined ? [] : [`${name} ${secondsText(value, words)}`];
    })
    .join("  ");
