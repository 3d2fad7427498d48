import type { ModelRef } from "../call/call.ts";
import type { Limits } from "../limit/limits.ts";
import { customVendor } from "../provider/custom-vendor.ts";
import type { Vendor } from "../provider/vendor.ts";
import { knownVendor } from "../provider/known-vendor.ts";
import { findVendor } from "../provider/vendors.ts";
import type { ProviderSettings } from "./provider-settings.ts";
import { type Environment, resolveTarget } from "./target.ts";

/** One address with one key: what attempts are sent to. */
export interface Endpoint {
  /** The provider's name; with several keys, `#1`, `#2`… behind it. */
  readonly id: string;
  readonly vendor: Vendor;
  readonly baseURL: string;
  readonly apiKey: string | undefined;
  /** Where the key came from, for messages: `apiKey` or a variable's name. */
  readonly keySource: string | undefined;
  readonly headers: Readonly<Record<string, string>> | undefined;
}

/** What a table is made from. */
export interface ProviderTableOptions {
  readonly baseURL?: string | undefined;
  readonly apiKey?: string | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly providers?: Readonly<Record<string, ProviderSettings>> | undefined;
}

/** The providers that a client knows: those that are configured, and every known vendor. */
export class ProviderTable {
  readonly #options: ProviderTableOptions;
  readonly #settings: ReadonlyMap<string, ProviderSettings>;
  readonly #environment: Environment;
  readonly #endpoints = new Map<string, readonly Endpoint[]>();

  constructor(options: ProviderTableOptions, environment: Environment) {
    this.#options = options;
    this.#settings = new Map(Object.entries(options.providers ?? {}));
    this.#environment = environment;
  }

  /** Splits `provider/model`; a prefix that is neither configured nor known stays a part of the name. */
  readonly parse = (model: string): ModelRef => {
    const slash = model.indexOf("/");
    const prefix = slash > 0 ? model.slice(0, slash) : undefined;
    const provider = prefix === undefined ? undefined : this.#settings.has(prefix) ? prefix : findVendor(prefix)?.name;
    return provider === undefined
      ? { provider: customVendor.name, name: model }
      : { provider, name: model.slice(slash + 1) };
  };

  /** The vendor whose formats and quirks apply to a provider. */
  readonly vendorOf = (provider: string): Vendor => knownVendor(this.#settings.get(provider)?.dialect ?? provider);

  /** The names of a provider's endpoints: one, or one a key. */
  idsOf(provider: string): readonly string[] {
    const { apiKeys = [] } = this.#settings.get(provider) ?? {};
    return apiKeys.length < 2 ? [provider] : apiKeys.map((_, index) => `${provider}#${index + 1}`);
  }

  /** What each of a provider's keys allows, where that is configured. */
  limitsOf(provider: string): Limits | undefined {
    return this.#settings.get(provider)?.limits;
  }

  /** Whose prices a provider has: those of its vendor, unless it stands at an address of the user's. */
  readonly pricedAs = (provider: string): string | undefined => {
    const { name, baseURL, baseURLVariable } = this.vendorOf(provider);
    const given =
      this.#settings.get(provider)?.baseURL ??
      this.#options.baseURL ??
      (baseURLVariable === undefined ? undefined : this.#environment(baseURLVariable));
    if (given === undefined || baseURL === "") return name;
    return URL.canParse(given) && new URL(given).origin === new URL(baseURL).origin ? name : undefined;
  };

  /** Where a provider's calls may go. @throws Error when there is no address, or no key for a provider that needs one. */
  endpointsOf(provider: string): readonly Endpoint[] {
    const known = this.#endpoints.get(provider) ?? this.#resolve(provider);
    this.#endpoints.set(provider, known);
    return known;
  }

  #resolve(provider: string): readonly Endpoint[] {
    const settings = this.#settings.get(provider);
    const vendor = this.vendorOf(provider);
    const { apiKeys = [settings?.apiKey ?? this.#options.apiKey] } = settings ?? {};
    const headers =
      settings?.headers === undefined ? this.#options.headers : { ...this.#options.headers, ...settings.headers };
    const ids = this.idsOf(provider);
    return apiKeys.map((apiKey, index) => {
      const target = resolveTarget(
        { ...vendor, name: provider },
        { baseURL: settings?.baseURL ?? this.#options.baseURL, apiKey },
        this.#environment,
      );
      const id = ids[index] ?? provider;
      const { baseURL, keySource } = target;
      return { id, vendor, baseURL, apiKey: target.apiKey, keySource, headers };
    });
  }
}
