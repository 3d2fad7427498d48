import type { LLMOptions } from "../../client/llm-options.ts";
import type { ProviderSettings } from "../../client/provider-settings.ts";
import type { Limits } from "../../limit/limits.ts";
import { findVendor } from "../../provider/vendors.ts";
import type { RetryOptions } from "../../retry/retry-options.ts";
import type { TimeoutOptions } from "../../timeout/timeout-options.ts";
import { limitNames, shortLimitName } from "../limit-names.ts";
import type { Config } from "./config.ts";
import { type Layer, type Setting, settingAt, settingsBelow } from "./setting.ts";

/** What a configuration says about a client. */
export type ConfiguredOptions = Pick<
  LLMOptions,
  "model" | "baseURL" | "providers" | "deployments" | "fallbacks" | "limits" | "retry" | "timeout"
>;

/** The options of a client that a configuration makes. `SLUICE_API_KEY` goes with an address that was typed. */
export const configuredOptions = (
  { settings }: Config,
  environment: (name: string) => string | undefined,
): ConfiguredOptions => {
  const [model, baseURL] = [textAt(settings, "model"), textAt(settings, "baseURL")];
  const providers = providersOf(settings, environment);
  const [deployments, fallbacks] = [listsOf(settings, "deployments"), listsOf(settings, "fallbacks")];
  return {
    ...(model === undefined ? {} : { model }),
    ...(baseURL === undefined ? {} : { baseURL }),
    ...(isEmpty(providers) ? {} : { providers }),
    ...(isEmpty(deployments) ? {} : { deployments }),
    ...(isEmpty(fallbacks) ? {} : { fallbacks }),
    limits: limitsOf(settingsBelow(settings, ["limits"])),
    retry: retryOf(settings),
    timeout: timeoutOf(settings),
  };
};

const isEmpty = (object: object): boolean => Object.keys(object).length === 0;

const textAt = (settings: Layer, name: string): string | undefined => settingAt(settings, [name])?.text;

const listsOf = (settings: Layer, name: string): Readonly<Record<string, readonly string[]>> =>
  Object.fromEntries(
    settingsBelow(settings, [name]).map(({ path, value }) => [path[1] ?? "", value as readonly string[]]),
  );

const limitsOf = (settings: Layer): Limits =>
  Object.fromEntries(
    settings.flatMap(({ path, value }) => {
      const name = path.at(-1) ?? "";
      const limit = limitNames.find((known) => shortLimitName(known) === name);
      return limit === undefined ? [] : [[limit, value] as const];
    }),
  );

const retryOf = (settings: Layer): RetryOptions => ({
  onEmptyBudget: "wait",
  ...valueAs(settings, "retries", "retries"),
  ...valueAs(settings, "onQuota", "onQuota"),
});

const timeoutOf = (settings: Layer): TimeoutOptions => ({
  total: "none",
  ...valueAs(settings, "timeoutTotal", "total"),
  ...valueAs(settings, "timeout", "attempt"),
  ...valueAs(settings, "timeoutFirst", "firstContent"),
  ...valueAs(settings, "timeoutIdle", "idle"),
});

/** A setting under the name that the client has for it. */
const valueAs = (settings: Layer, from: string, to: string): Readonly<Record<string, never>> => {
  const setting = settingAt(settings, [from]);
  return setting === undefined ? {} : { [to]: setting.value as never };
};

const providersOf = (
  settings: Layer,
  environment: (name: string) => string | undefined,
): Readonly<Record<string, ProviderSettings>> => {
  const names = new Set(settingsBelow(settings, ["providers"]).map(({ path }) => path[1] ?? ""));
  const address = settingAt(settings, ["baseURL"]);
  const asked = (textAt(settings, "model") ?? "").split("/")[0] ?? "";
  return Object.fromEntries(
    Array.from(names, (name) => {
      const own = settingsBelow(settings, ["providers", name]);
      if (address === undefined) return [name, providerOf(own)];
      return [name, name === asked ? elsewhere(own, address, environment) : atHome(name, providerOf(own))];
    }),
  );
};

const providerOf = (own: Layer): ProviderSettings => {
  const at = (name: string): Setting | undefined => own.find(({ path }) => path[2] === name && path.length === 3);
  const [keys, baseURL, dialect] = [at("keys")?.value as readonly string[] | undefined, at("baseURL"), at("dialect")];
  const below = (name: string): Layer => own.filter(({ path }) => path[2] === name);
  const [headers, limits] = [below("headers"), below("limits")];
  return {
    ...(keys === undefined ? {} : { apiKeys: keys }),
    ...(baseURL === undefined ? {} : { baseURL: baseURL.text }),
    ...(dialect === undefined ? {} : { dialect: dialect.text }),
    ...(headers.length === 0
      ? {}
      : { headers: Object.fromEntries(headers.map(({ path, value }) => [path[3] ?? "", String(value)])) }),
    ...(limits.length === 0 ? {} : { limits: limitsOf(limits) }),
  };
};

/** The provider of the model, at the address for everything: one that was typed wins over the provider's own. */
const elsewhere = (
  own: Layer,
  address: Setting,
  environment: (name: string) => string | undefined,
): ProviderSettings => {
  const { baseURL = address.text, apiKeys, ...rest } = providerOf(own);
  const typed = address.typed === true;
  // A key of the provider's is not for a server that has one of its own.
  const keys = apiKeys === undefined || (typed && environment("SLUICE_API_KEY") !== undefined) ? {} : { apiKeys };
  return { ...rest, ...keys, baseURL: typed ? address.text : baseURL };
};

/** Another provider than the model's stays where it is: its key is not for the address of that one. */
const atHome = (name: string, settings: ProviderSettings): ProviderSettings => {
  const baseURL = settings.baseURL ?? findVendor(settings.dialect ?? name)?.baseURL ?? "";
  return baseURL === "" ? settings : { ...settings, baseURL };
};
