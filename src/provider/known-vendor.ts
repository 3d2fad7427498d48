import { customVendor } from "./custom-vendor.ts";
import type { Vendor } from "./vendor.ts";
import { findVendor } from "./vendors.ts";

/** The vendor of that name or alias, else one of which nothing is known. */
export const knownVendor = (name: string): Vendor => findVendor(name) ?? customVendor;
