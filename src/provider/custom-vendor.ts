import type { Vendor } from "./vendor.ts";
import { openaiCodes } from "./vendors/openai.ts";

/** Any server that speaks the OpenAI dialect at an address of the user's; nothing is known of its quirks. */
export const customVendor: Vendor = {
  name: "custom",
  baseURL: "",
  keyVariables: ["OPENAI_API_KEY"],
  keyRequired: false,
  quotaScope: "account",
  codes: openaiCodes,
};
