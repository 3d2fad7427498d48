import { parseModel, resolveTarget, type Target } from "../../client/target.ts";
import { findVendor } from "../../provider/vendors.ts";
import { UsageError } from "../usage-error.ts";
import { type RunTarget, runTarget } from "./run-target.ts";

/** Where requests go, key and all, and what may be shown of it. */
export interface LiveTarget extends Target {
  readonly shown: RunTarget;
  /** The model's name without its provider; empty when only a provider was named. */
  readonly model: string;
}

/** What requests for a model go to; the name of a provider alone will do. @throws UsageError when there is no address, or no key */
export const liveTarget = (
  model: string,
  baseURL: string | undefined,
  environment: (name: string) => string | undefined,
): LiveTarget => {
  const full = findVendor(model) === undefined ? model : `${model}/`;
  const shown = runTarget(full, baseURL, environment);
  const { provider, name } = parseModel(full);
  try {
    return { ...resolveTarget(provider, { baseURL }, environment), shown, model: name };
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
};
