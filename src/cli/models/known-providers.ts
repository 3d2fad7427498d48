import { knownVendor } from "../../provider/known-vendor.ts";
import { maskKey } from "../../provider/redact.ts";
import { shownAddress } from "../../provider/shown-address.ts";
import type { Vendor } from "../../provider/vendor.ts";
import { vendorNames } from "../../provider/vendors.ts";
import type { TargetSettings } from "../run/run-target.ts";

/** A provider as people are told of it. */
export interface KnownProvider {
  readonly name: string;
  readonly aliases: readonly string[];
  /** Empty when it is the user's to say. */
  readonly address: string;
  readonly addressVariable?: string;
  readonly keyVariables: readonly string[];
  /** Where a key was found, and what may be shown of it. */
  readonly key?: { readonly source: string; readonly mask: string };
  readonly formats: readonly string[];
}

/** The providers of the configuration and all that are known which have a text in their name, alias or address; all of them without one. */
export const knownProviders = (
  settings: TargetSettings,
  environment: (name: string) => string | undefined,
  filter = "",
): readonly KnownProvider[] => {
  const wanted = filter.toLowerCase();
  return [...new Set([...Object.keys(settings.providers ?? {}), ...vendorNames])]
    .map((name) => knownProvider(name, settings, environment))
    .filter(({ name, aliases, address }) =>
      [name, ...aliases, address].some((text) => text.toLowerCase().includes(wanted)),
    );
};

const knownProvider = (
  name: string,
  { providers = {}, keyOrigin }: TargetSettings,
  environment: (name: string) => string | undefined,
): KnownProvider => {
  const own = providers[name];
  const vendor = knownVendor(own?.dialect ?? name);
  const { baseURL, baseURLVariable, keyVariables } = vendor;
  const moved = baseURLVariable === undefined ? undefined : environment(baseURLVariable);
  const variable = keyVariables.find((candidate) => environment(candidate) !== undefined);
  const found = variable === undefined ? undefined : { source: variable, mask: maskKey(environment(variable) ?? "") };
  const key =
    own?.apiKeys === undefined
      ? found
      : { source: keyOrigin?.(name) ?? "providers", mask: own.apiKeys.map(maskKey).join(", ") };
  return {
    name,
    aliases: vendor.name === name ? (vendor.aliases ?? []) : [],
    address: shownAddress(own?.baseURL ?? moved ?? baseURL),
    ...(baseURLVariable === undefined ? {} : { addressVariable: baseURLVariable }),
    keyVariables,
    ...(key === undefined ? {} : { key }),
    formats: formatsOf(vendor),
  };
};

/** The one it is asked in first. */
const formatsOf = ({ conversation = "chat", paths = {} }: Vendor): readonly string[] => [
  ...new Set([conversation, ...Object.keys(paths)]),
];
