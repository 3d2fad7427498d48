import type { Limits } from "../../limit/limits.ts";
import { type Layer, settingAt } from "../config/setting.ts";
import { shortLimitName } from "../limit-names.ts";

/** A limit that somebody has set. */
interface SetLimit {
  readonly value: number;
  /** Where it stands: `flag --rpm`, `SLUICE_RPM`, `sluice.config.yaml:6`; absent where nobody knows. */
  readonly origin?: string;
}

/** Tells where a limit was set that is in force, and what it is over all keys together. */
export type LimitOrigins = (name: keyof Limits, value: number) => SetLimit;

/**
 * Finds limits in a configuration.
 *
 * @param providers those that serve the model; what is set for one of them holds for each of its keys.
 */
export const limitOrigins =
  (settings: Layer, providers: readonly string[]): LimitOrigins =>
  (name, value) => {
    const all = settingAt(settings, ["limits", shortLimitName(name)]);
    // What is set for everything holds over all keys together, however many there are.
    if (all !== undefined && typeof all.value === "number" && all.value <= value) {
      return { value: all.value, origin: all.origin };
    }
    const own = providers.flatMap((provider) => {
      const setting = settingAt(settings, ["providers", provider, "limits", shortLimitName(name)]);
      return setting === undefined ? [] : [setting.origin];
    });
    const origin = own.length === 0 ? all?.origin : own.join(", ");
    return { value, ...(origin === undefined ? {} : { origin }) };
  };
