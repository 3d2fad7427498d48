import type { TokenCharge, Vendor } from "../vendor.ts";

/** The bound on the output counts when the call is let in, and stays counted. */
export const boundKept: TokenCharge = { output: "bound", kept: true };

/** Only what is really produced counts, or nothing but the number of calls does. */
export const asUsed: TokenCharge = { output: "used" };

/** A vendor with a public address, whose key stands in that variable. */
export const hosted = (name: string, baseURL: string, keyVariable: string, quirks: Partial<Vendor> = {}): Vendor => ({
  name,
  baseURL,
  keyVariables: [keyVariable],
  keyRequired: true,
  ...quirks,
});
