import { maskKey } from "../../provider/redact.ts";
import type { Vendor } from "../../provider/vendor.ts";
import { findVendor, vendorNames } from "../../provider/vendors.ts";

/** A provider as people are told of it. */
export interface KnownProvider {
  readonly name: string;
  readonly aliases: readonly string[];
  /** Empty when it is the user's to say. */
  readonly address: string;
  readonly addressVariable?: string;
  readonly keyVariables: readonly string[];
  /** Where a key was found, and what may be shown of it. */
  readonly key?: { readonly variable: string; readonly mask: string };
  readonly formats: readonly string[];
}

/** The known providers that have a text in their name, alias or address; all of them without one. */
export const knownProviders = (
  environment: (name: string) => string | undefined,
  filter = "",
): readonly KnownProvider[] => {
  const wanted = filter.toLowerCase();
  return vendorNames
    .flatMap((name) => findVendor(name) ?? [])
    .map((vendor) => knownProvider(vendor, environment))
    .filter(({ name, aliases, address }) =>
      [name, ...aliases, address].some((text) => text.toLowerCase().includes(wanted)),
    );
};

const knownProvider = (vendor: Vendor, environment: (name: string) => string | undefined): KnownProvider => {
  const { name, aliases = [], baseURL, baseURLVariable, keyVariables } = vendor;
  const moved = baseURLVariable === undefined ? undefined : environment(baseURLVariable);
  const variable = keyVariables.find((candidate) => environment(candidate) !== undefined);
  return {
    name,
    aliases,
    address: moved ?? baseURL,
    ...(baseURLVariable === undefined ? {} : { addressVariable: baseURLVariable }),
    keyVariables,
    ...(variable === undefined ? {} : { key: { variable, mask: maskKey(environment(variable) ?? "") } }),
    formats: formatsOf(vendor),
  };
};

/** The one it is asked in first. */
const formatsOf = ({ conversation = "chat", paths = {} }: Vendor): readonly string[] => [
  ...new Set([conversation, ...Object.keys(paths)]),
];
