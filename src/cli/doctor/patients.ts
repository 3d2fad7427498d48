import { findVendor, vendorNames } from "../../provider/vendors.ts";
import { parseModel } from "../../client/target.ts";
import type { Environment } from "../../client/target.ts";
import type { ConfiguredOptions } from "../config/configured-options.ts";
import type { TargetSettings } from "../run/run-target.ts";

/** A provider that is to be checked, as `-m` would name it. */
export interface Patient {
  readonly model: string;
  readonly baseURL?: string;
}

/** What the flags name, else every provider that is configured or that there is a key for; of those that share a key, the one of the usual model or the first. */
export const patientsOf = (
  { model, baseUrl }: { readonly model?: string; readonly baseUrl?: string },
  { model: configured, providers = {} }: TargetSettings & Pick<ConfiguredOptions, "model">,
  environment: Environment,
): readonly Patient[] => {
  const usual = configured;
  if (baseUrl !== undefined) return [{ model: model ?? usual ?? "custom", baseURL: baseUrl }];
  if (model !== undefined) return [{ model }];
  const preferred = usual === undefined ? undefined : parseModel(usual).provider;
  const byVariable = new Map<string, string>();
  for (const name of [...(preferred === undefined ? [] : [preferred]), ...vendorNames]) {
    const variable = findVendor(name)?.keyVariables.find((candidate) => environment(candidate) !== undefined);
    if (variable !== undefined && !byVariable.has(variable)) byVariable.set(variable, name);
  }
  const named = new Set([...Object.keys(providers), ...byVariable.values()]);
  return [...new Set([...(usual === undefined ? [] : [usual]), ...unnamed(named, preferred)])].map((name) => ({
    model: name,
  }));
};

/** What the usual model names is there already. */
const unnamed = (names: Iterable<string>, preferred: string | undefined): readonly string[] =>
  [...names].filter((name) => name !== preferred);

/** The other providers that look for their key in the same variable: regions of one vendor, mostly. */
export const sharingKey = (provider: string, variable: string): readonly string[] =>
  vendorNames.filter((name) => name !== provider && (findVendor(name)?.keyVariables.includes(variable) ?? false));
