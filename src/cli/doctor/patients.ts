import { ProviderTable } from "../../client/provider-table.ts";
import type { Environment } from "../../client/target.ts";
import { findVendor, vendorNames } from "../../provider/vendors.ts";
import { fullName } from "../run/live-target.ts";
import type { Settled } from "../run/settled.ts";

/** What decides whom a diagnosis is about. */
export type PatientSettings = Pick<
  Settled["configured"],
  "model" | "baseURL" | "providers" | "deployments" | "fallbacks"
>;

/**
 * The models, or the providers, that are to be checked: what the flags name; else the usual model with those that stand
 * in for it, every provider of the configuration, and every one that there is a key for. Of those that share a key, the first.
 */
export const patientsOf = (
  settings: PatientSettings,
  { model, baseUrl }: { readonly model?: string; readonly baseUrl?: string },
  environment: Environment,
): readonly string[] => {
  const { providers = {}, fallbacks = {} } = settings;
  const usual = settings.model ?? (settings.baseURL === undefined ? undefined : "custom");
  if (model !== undefined || baseUrl !== undefined) return [model ?? usual ?? "custom"];
  const named = usual === undefined ? [] : [usual, ...(fallbacks[usual] ?? [])];
  const covered = new Set(named.flatMap((name) => providersOf(name, settings, environment)));
  const configured = Object.keys(providers).filter((name) => !covered.has(name));
  const taken = new Set([...covered, ...configured].flatMap((name) => variableOf(name, environment) ?? []));
  const keyed = vendorNames.filter((name) => {
    const variable = variableOf(name, environment);
    if (variable === undefined || taken.has(variable) || covered.has(name) || configured.includes(name)) return false;
    taken.add(variable);
    return true;
  });
  return [...named, ...configured, ...keyed];
};

/** The other providers that look for their key in the same variable: regions of one vendor, mostly. */
export const sharingKey = (provider: string, variable: string): readonly string[] =>
  vendorNames.filter((name) => name !== provider && (findVendor(name)?.keyVariables.includes(variable) ?? false));

const providersOf = (model: string, settings: PatientSettings, environment: Environment): readonly string[] => {
  const table = new ProviderTable(settings, environment);
  const members = settings.deployments?.[model] ?? [fullName(model, settings)];
  return members.map((member) => table.parse(member).provider);
};

const variableOf = (provider: string, environment: Environment): string | undefined =>
  findVendor(provider)?.keyVariables.find((candidate) => environment(candidate) !== undefined);
