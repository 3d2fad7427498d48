import { maskKey } from "../../provider/redact.ts";
import { findVendor, vendorNames } from "../../provider/vendors.ts";
import { parseModel, resolveTarget } from "../../client/target.ts";
import { closest } from "../../call/did-you-mean.ts";
import { UsageError } from "../usage-error.ts";
import { accountHash } from "./account-hash.ts";

/** Where calls go, and what may be shown of their key. */
export interface RunTarget {
  readonly provider: string;
  readonly keyMask?: string;
  /** Where the key was found. */
  readonly keySource?: string;
  /** What the limits of these calls belong to: see `accountHash`. */
  readonly account: string;
}

type Environment = (name: string) => string | undefined;

/** Finds out where a model's calls go, before any is made. @throws UsageError when there is no address, or no key */
export const runTarget = (model: string, baseURL: string | undefined, environment: Environment): RunTarget => {
  const { provider, name } = parseModel(model);
  const vendor = findVendor(provider);
  if (baseURL === undefined) {
    if (vendor === undefined) throw unknownProvider(model);
    const missing = vendor.keyRequired && vendor.keyVariables.every((name) => environment(name) === undefined);
    if (missing) throw missingKey(provider, vendor.keyVariables, environment);
  }
  try {
    const { apiKey, keySource, ...target } = resolveTarget(provider, { baseURL }, environment);
    return {
      provider,
      account: accountHash({ baseURL: target.baseURL, model: name, apiKey }),
      ...(apiKey === undefined ? {} : { keyMask: maskKey(apiKey) }),
      ...(keySource === undefined ? {} : { keySource }),
    };
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
};

const unknownProvider = (model: string): UsageError => {
  const slash = model.indexOf("/");
  const prefix = slash > 0 ? model.slice(0, slash) : model;
  const meant = closest(prefix, vendorNames);
  const name = slash > 0 ? model.slice(slash + 1) : "…";
  const headline =
    slash > 0 ? `unknown provider ${JSON.stringify(prefix)}` : `the model ${JSON.stringify(model)} names no provider`;
  return new UsageError(`${headline}${meant === undefined ? "" : ` (did you mean ${meant}/${name}?)`}`, [
    `known      ${vendorNames.join(", ")}`,
    "or give    --base-url http://localhost:8000/v1 with any model name",
  ]);
};

const missingKey = (provider: string, variables: readonly string[], environment: Environment): UsageError => {
  const others = vendorNames.filter((name) =>
    findVendor(name)?.keyVariables.some((variable) => environment(variable) !== undefined),
  );
  return new UsageError(`no API key for ${provider}`, [
    `looked in  ${variables.join(", ")}`,
    `fix        export ${variables[0] ?? ""}=…`,
    ...(others.length === 0 ? [] : [`or use     a provider that you have a key for: ${others.join(", ")}`]),
  ]);
};
