import { checkKeys } from "../call/check-keys.ts";
import { checkLimits } from "../limit/check-limits.ts";
import { rateNames } from "../limit/rates.ts";
import { findVendor, vendorNames } from "../provider/vendors.ts";
import type { LLMOptions } from "./llm-options.ts";
import type { ProviderSettings } from "./provider-settings.ts";

const known: Readonly<Record<keyof ProviderSettings, true>> = {
  dialect: true,
  baseURL: true,
  apiKey: true,
  apiKeys: true,
  headers: true,
  limits: true,
};

/**
 * Checks the providers of a client, and the names that stand for several models.
 *
 * @throws TypeError when one says what nobody can follow, RangeError when a limit is out of range.
 */
export const checkRoutes = ({ providers = {}, deployments = {}, fallbacks = {} }: LLMOptions): void => {
  checkKeys("make a client", "providers", providers, Object.keys(providers));
  for (const [name, settings] of Object.entries(providers)) checkProvider(name, settings);
  checkLists("deployments", deployments);
  checkLists("fallbacks", fallbacks);
  for (const [name, models] of Object.entries(deployments)) checkFormats(name, models, providers);
};

const checkProvider = (name: string, settings: ProviderSettings): void => {
  const place = `providers.${name}`;
  checkKeys("make a client", place, settings, Object.keys(known));
  const { dialect, baseURL, apiKey, apiKeys, limits = {} } = settings;
  if (name === "" || name.includes("/") || name.includes("#"))
    throw new TypeError(
      `Cannot make a client: a provider's name must be without "/" and "#", got ${JSON.stringify(name)}`,
    );
  if (dialect !== undefined && findVendor(dialect) === undefined)
    throw new TypeError(
      `Cannot make a client: "${place}.dialect" must be one of ${vendorNames.join(", ")}, got "${dialect}"`,
    );
  if (baseURL === undefined && (findVendor(dialect ?? name)?.baseURL ?? "") === "" && !isAzure(dialect ?? name))
    throw new TypeError(`Cannot make a client: "${place}" needs a "baseURL": no provider of that name is known`);
  if (apiKey !== undefined && apiKeys !== undefined)
    throw new TypeError(`Cannot make a client: "${place}" has both "apiKey" and "apiKeys"; give one of them`);
  if (apiKeys !== undefined && !(Array.isArray(apiKeys) && apiKeys.length > 0))
    throw new TypeError(`Cannot make a client: "${place}.apiKeys" must be a list of at least one key`);
  checkLimits(limits, rateNames);
};

/** Its address is in the environment. */
const isAzure = (name: string): boolean => findVendor(name)?.baseURLVariable !== undefined;

/** One body is sent to whichever of them is free. */
const checkFormats = (
  name: string,
  models: readonly string[],
  providers: NonNullable<LLMOptions["providers"]>,
): void => {
  const formatOf = (model: string): string => {
    const provider = model.split("/")[0] ?? "";
    return findVendor(providers[provider]?.dialect ?? provider)?.conversation ?? "chat";
  };
  const [first = "", ...others] = models;
  const odd = others.find((model) => formatOf(model) !== formatOf(first));
  if (odd === undefined) return;
  throw new TypeError(
    `Cannot make a client: "deployments.${name}" joins different wire formats: ${first} speaks ${formatOf(first)}, ${odd} speaks ${formatOf(odd)}; ` +
      `make ${odd} a fallback instead: fallbacks: { "${first}": ["${odd}"] }`,
  );
};

const checkLists = (name: string, lists: Readonly<Record<string, readonly string[]>>): void => {
  checkKeys("make a client", name, lists, Object.keys(lists));
  for (const [key, models] of Object.entries(lists)) {
    const isList = Array.isArray(models) && models.length > 0 && models.every((model) => typeof model === "string");
    if (isList) continue;
    throw new TypeError(`Cannot make a client: "${name}.${key}" must be a list of at least one "provider/model"`);
  }
};
