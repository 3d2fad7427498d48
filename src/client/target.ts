import type { ModelRef } from "../call/call.ts";
import { customVendor } from "../provider/custom-vendor.ts";
import { knownVendor } from "../provider/known-vendor.ts";
import { shownAddress } from "../provider/shown-address.ts";
import type { Vendor } from "../provider/vendor.ts";
import { findVendor } from "../provider/vendors.ts";

/** Where calls go and with which key. */
export interface Target {
  readonly vendor: Vendor;
  readonly baseURL: string;
  readonly apiKey: string | undefined;
  /** Where the key came from, for messages: `apiKey` or a variable's name. */
  readonly keySource: string | undefined;
}

/** What decides a target, beside the provider. */
export interface TargetOptions {
  readonly baseURL?: string | undefined;
  readonly apiKey?: string | undefined;
}

/** Looks up a variable of the environment. */
export type Environment = (name: string) => string | undefined;

/**
 * Splits `provider/model`. The prefix of a known provider is taken off; any other name stays whole and belongs to the
 * provider `custom`, which needs a base URL.
 */
export const parseModel = (model: string): ModelRef => {
  const slash = model.indexOf("/");
  const vendor = slash > 0 ? findVendor(model.slice(0, slash)) : undefined;
  return vendor === undefined
    ? { provider: customVendor.name, name: model }
    : { provider: vendor.name, name: model.slice(slash + 1) };
};

/**
 * The address and key for a provider.
 *
 * A base URL is honoured before the provider's own; with one, the key is `SLUICE_API_KEY`, else the dialect's, else none.
 *
 * @throws Error when there is no address, or no key for a provider that needs one.
 */
export const resolveTarget = (provider: string | Vendor, options: TargetOptions, environment: Environment): Target => {
  const vendor = typeof provider === "string" ? knownVendor(provider) : provider;
  const variable = vendor.baseURLVariable;
  const baseURL = options.baseURL ?? (variable === undefined ? undefined : environment(variable)) ?? vendor.baseURL;
  if (baseURL === "") throw new Error(missingAddress(vendor));
  const { apiKey, keySource } = findKey(vendor, options, environment);
  if (apiKey === undefined && vendor.keyRequired && options.baseURL === undefined) throw new Error(missingKey(vendor));
  return { vendor, baseURL: wholeURL(checkedURL(baseURL), vendor, environment), apiKey, keySource };
};

/** Azure's address is a host, or the beginning of a path; what follows depends on whether an API version is named. */
const wholeURL = (baseURL: string, { basePath, apiVersionVariable }: Vendor, environment: Environment): string => {
  const url = new URL(baseURL);
  if (basePath === undefined || url.search !== "") return baseURL;
  if (url.pathname !== "/" && !basePath.startsWith(`${url.pathname}/`)) return baseURL;
  const version = apiVersionVariable === undefined ? undefined : environment(apiVersionVariable);
  return version === undefined
    ? `${url.origin}${basePath}`
    : `${url.origin}?api-version=${encodeURIComponent(version)}`;
};

const findKey = (
  vendor: Vendor,
  options: TargetOptions,
  environment: Environment,
): Pick<Target, "apiKey" | "keySource"> => {
  if (options.apiKey !== undefined) return { apiKey: options.apiKey, keySource: "apiKey" };
  const names = options.baseURL === undefined ? vendor.keyVariables : ["SLUICE_API_KEY", ...vendor.keyVariables];
  const keySource = names.find((name) => environment(name) !== undefined);
  return { apiKey: keySource === undefined ? undefined : environment(keySource), keySource };
};

/** @throws Error when it is not an http(s) URL. */
const checkedURL = (baseURL: string): string => {
  const url = URL.canParse(baseURL) ? new URL(baseURL) : undefined;
  if (url?.protocol !== "http:" && url?.protocol !== "https:") {
    throw new Error(
      `Cannot use the base URL ${JSON.stringify(shownAddress(baseURL))}: it must be an http or https address such as http://localhost:8000/v1`,
    );
  }
  return baseURL.replace(/(?<!\/)\/+$/, "");
};

const missingAddress = ({ name, baseURLVariable }: Vendor): string =>
  baseURLVariable !== undefined
    ? `No address for ${name}: set ${baseURLVariable}, or pass "baseURL"`
    : "No provider and no base URL: name the model as provider/model (openai/gpt-5-mini, deepseek/deepseek-chat, …), or give a base URL such as http://localhost:8000/v1";

const missingKey = ({ name, keyVariables }: Vendor): string =>
  `No API key for ${name}: looked in ${keyVariables.join(", ")}. Set it (export ${keyVariables[0] ?? ""}=…), or pass "apiKey"`;
