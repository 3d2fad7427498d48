import type { Vendor } from "../vendor.ts";
import { boundKept, hosted } from "./hosted-vendor.ts";

/** All models of an account share its limits, and the bound on the output counts whole. */
const quirks: Partial<Vendor> = {
  quotaScope: "account",
  tokenCharge: boundKept,
  structured: "json_object",
  codes: {
    exceeded_current_quota_error: "quota_exhausted",
    engine_overloaded_error: "overloaded",
    rate_limit_reached_error: "throttled",
  },
  dayUsedUp: /\bTPD\b/,
};

/** Moonshot's Kimi, in China and abroad. */
export const moonshotVendors: readonly Vendor[] = [
  hosted("moonshot", "https://api.moonshot.cn/v1", "MOONSHOT_API_KEY", { ...quirks, aliases: ["kimi"] }),
  hosted("moonshot-intl", "https://api.moonshot.ai/v1", "MOONSHOT_API_KEY", { ...quirks, aliases: ["kimi-intl"] }),
];
