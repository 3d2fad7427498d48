import { customVendor } from "./custom-vendor.ts";
import type { Vendor } from "./vendor.ts";
import { findVendor, vendorNames } from "./vendors.ts";

/** The vendor whose address that is, by scheme, host and port; one of which nothing is known where none is. */
export const vendorAt = (origin: string): Vendor => {
  if (origin.endsWith(".openai.azure.com")) return findVendor("azure") ?? customVendor;
  return byOrigin.get(origin) ?? customVendor;
};

const byOrigin: ReadonlyMap<string, Vendor> = new Map(
  vendorNames.flatMap((name) => {
    const vendor = findVendor(name);
    return vendor === undefined || vendor.baseURL === "" ? [] : [[new URL(vendor.baseURL).origin, vendor] as const];
  }),
);
