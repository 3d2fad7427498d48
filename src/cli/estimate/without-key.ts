import { findVendor, vendorNames } from "../../provider/vendors.ts";

/** What stands where a key would, if one were needed. */
export const noKey = "none-needed";

/** An environment in which no provider lacks a key: what sends nothing needs none. */
export const withoutKey = (
  environment: (name: string) => string | undefined,
): ((name: string) => string | undefined) => {
  const keys = new Set(vendorNames.flatMap((name) => findVendor(name)?.keyVariables ?? []));
  return (name) => environment(name) ?? (keys.has(name) ? noKey : undefined);
};
