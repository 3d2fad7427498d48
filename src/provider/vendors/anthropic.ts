import type { CallErrorCode } from "../../call/call-error.ts";
import type { Vendor } from "../vendor.ts";
import { asUsed, hosted } from "./hosted-vendor.ts";

/** What the status says is left to it: a 400 may be about money, or about the length of the prompt. */
const codes: Readonly<Record<string, CallErrorCode>> = {
  ramp_limit_exceeded: "throttled",
  enforced_spend_limit_reached: "quota_exhausted",
  contract_spend_limit_reached: "quota_exhausted",
  authentication_error: "auth",
  permission_error: "auth",
  billing_error: "quota_exhausted",
  not_found_error: "not_found",
  request_too_large: "too_large",
  rate_limit_error: "throttled",
  conflict_error: "server",
  api_error: "server",
  timeout_error: "server",
  overloaded_error: "overloaded",
};

/** Anthropic, asked in its own format. */
export const anthropicVendors: readonly Vendor[] = [
  hosted("anthropic", "https://api.anthropic.com/v1", "ANTHROPIC_API_KEY", {
    baseURLVariable: "ANTHROPIC_BASE_URL",
    basePath: "/v1",
    conversation: "messages",
    codes,
    tokenCharge: asUsed,
  }),
];
