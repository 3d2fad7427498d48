import { type Endpoint, ProviderTable } from "../../client/provider-table.ts";
import { maskKey } from "../../provider/redact.ts";
import { findVendor, vendorNames } from "../../provider/vendors.ts";
import { closest } from "../../call/did-you-mean.ts";
import type { ConfiguredOptions } from "../config/configured-options.ts";
import { UsageError } from "../usage-error.ts";
import { accountHash } from "./account-hash.ts";

/** Where calls go, and what may be shown of their keys. */
export interface RunTarget {
  /** Absent when several providers serve the model. */
  readonly provider?: string;
  /** The known provider whose formats apply. */
  readonly dialect: string;
  readonly keyMask?: string;
  /** Where the key was found. */
  readonly keySource?: string;
  /** What the limits of these calls belong to: see `accountHash`. */
  readonly account: string;
}

/** What decides where calls go. */
export interface TargetSettings extends Pick<ConfiguredOptions, "baseURL" | "providers" | "deployments"> {
  /** Tells where the keys of a provider stand in the configuration. */
  readonly keyOrigin?: (provider: string) => string | undefined;
}

type Environment = (name: string) => string | undefined;

/** Finds out where a model's calls go, before any is made. @throws UsageError when there is no address, or no key */
export const runTarget = (model: string, settings: TargetSettings, environment: Environment): RunTarget => {
  const places = placesOf(model, settings, environment);
  const providers = new Set(places.map(({ provider }) => provider));
  const [first] = places;
  const masks = places.flatMap(({ apiKey }) => (apiKey === undefined ? [] : [maskKey(apiKey)]));
  const keySource = first === undefined ? undefined : sourceOf(first, settings);
  return {
    dialect: first?.vendor.name ?? "",
    account: accountOf(places),
    ...(first !== undefined && providers.size === 1 ? { provider: first.provider } : {}),
    ...(masks.length === 0 ? {} : { keyMask: [...new Set(masks)].join(", ") }),
    ...(keySource === undefined ? {} : { keySource }),
  };
};

/** Every endpoint that a model's calls may go to: one a key, of each of its deployments. @throws UsageError when there is no address, or no key */
export const placesOf = (model: string, settings: TargetSettings, environment: Environment): readonly Place[] => {
  const table = new ProviderTable(settings, environment);
  const members = settings.deployments?.[model] ?? [model];
  return members.flatMap((member) => memberPlaces(member, settings, table, environment));
};

/** Where the key of a place was found. */
export const sourceOf = ({ keySource, provider }: Place, { keyOrigin }: TargetSettings): string | undefined =>
  keySource === "apiKey" ? keyOrigin?.(provider) : keySource;

/** An endpoint, and the model that it is asked for. */
export interface Place extends Endpoint {
  readonly provider: string;
  readonly model: string;
}

const memberPlaces = (
  model: string,
  settings: TargetSettings,
  table: ProviderTable,
  environment: Environment,
): readonly Place[] => {
  const { provider, name } = table.parse(model);
  const own = settings.providers?.[provider];
  if ((own?.baseURL ?? settings.baseURL) === undefined) {
    const vendor = findVendor(own?.dialect ?? provider);
    if (vendor === undefined) throw unknownProvider(model, settings);
    const hasKey = own?.apiKeys !== undefined || vendor.keyVariables.some((key) => environment(key) !== undefined);
    if (vendor.keyRequired && !hasKey) throw missingKey(provider, vendor.keyVariables, environment);
  }
  try {
    return table.endpointsOf(provider).map((endpoint) => ({ ...endpoint, provider, model: name }));
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
};

/** Several keys, or several servers, are an account together. */
const accountOf = (places: readonly Place[]): string => {
  const [first, ...others] = places.map(({ baseURL, model, apiKey }) => ({ baseURL, model, apiKey }));
  if (first === undefined) return "";
  const apiKey = others.length === 0 ? first.apiKey : JSON.stringify([first, ...others]);
  return accountHash({ ...first, apiKey });
};

const unknownProvider = (model: string, { providers = {}, deployments = {} }: TargetSettings): UsageError => {
  const slash = model.indexOf("/");
  const prefix = slash > 0 ? model.slice(0, slash) : model;
  const known = [...new Set([...Object.keys(providers), ...vendorNames])];
  const group = slash > 0 ? undefined : closest(model, Object.keys(deployments));
  const meant = group ?? withModel(closest(prefix, known), slash > 0 ? model.slice(slash + 1) : "…");
  const headline =
    slash > 0 ? `unknown provider ${JSON.stringify(prefix)}` : `the model ${JSON.stringify(model)} names no provider`;
  return new UsageError(`${headline}${meant === undefined ? "" : ` (did you mean ${meant}?)`}`, [
    `known      ${known.join(", ")}`,
    "or give    --base-url http://localhost:8000/v1 with any model name",
  ]);
};

const withModel = (provider: string | undefined, name: string): string | undefined =>
  provider === undefined ? undefined : `${provider}/${name}`;

const missingKey = (provider: string, variables: readonly string[], environment: Environment): UsageError => {
  const others = vendorNames.filter((name) =>
    findVendor(name)?.keyVariables.some((variable) => environment(variable) !== undefined),
  );
  return new UsageError(`no API key for ${provider}`, [
    `looked in  ${variables.join(", ")}`,
    `fix        export ${variables[0] ?? ""}=…   or write it into .env`,
    ...(others.length === 0 ? [] : [`or use     a provider that you have a key for: ${others.join(", ")}`]),
  ]);
};
