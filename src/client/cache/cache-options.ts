import { checkKeys } from "../../call/check-keys.ts";
import { type Duration, durationMs } from "../../time/duration.ts";

/** Where and for how long answers are kept. */
export interface CacheOptions {
  /** Made when it does not exist. Several processes may use one at the same time. */
  readonly folder: string;
  /** What is older is asked for anew. @default for ever */
  readonly maxAge?: Duration;
  /** About so much is kept on disk; what was longest not used goes first. @default 1 GiB */
  readonly maxBytes?: number;
}

/** The options with their defaults. */
export interface CacheSettings {
  readonly folder: string;
  readonly maxAgeMs: number;
  readonly maxBytes: number;
}

/** Fills in the defaults. @throws TypeError when the folder is none, RangeError when a bound is out of range. */
export const cacheSettings = (options: string | CacheOptions): CacheSettings => {
  if (typeof options !== "string") checkKeys("make a client", "cache", options, ["folder", "maxAge", "maxBytes"]);
  const { folder, maxAge, maxBytes = 2 ** 30 } = typeof options === "string" ? { folder: options } : options;
  if (typeof folder !== "string" || folder === "")
    throw new TypeError(
      `Cannot make a client: "cache" must name a folder, such as ".sluice-cache", got ${JSON.stringify(folder)}`,
    );
  if (!(Number.isInteger(maxBytes) && maxBytes >= 1))
    throw new RangeError(
      `Cannot make a client: "cache.maxBytes" must be a whole number of at least 1, got ${maxBytes}`,
    );
  return { folder, maxAgeMs: maxAge === undefined ? Infinity : durationMs(maxAge, '"cache.maxAge"'), maxBytes };
};
