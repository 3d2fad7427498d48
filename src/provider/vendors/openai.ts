import type { CallErrorCode } from "../../call/call-error.ts";
import type { Vendor } from "../vendor.ts";
import { boundKept, hosted } from "./hosted-vendor.ts";

/** What means money at OpenAI and nobody knows what elsewhere: at DashScope it is the tokens of a minute. */
export const openaiCodes: Readonly<Record<string, CallErrorCode>> = { insufficient_quota: "quota_exhausted" };

/** OpenAI, and its models at Azure. */
export const openaiVendors: readonly Vendor[] = [
  hosted("openai", "https://api.openai.com/v1", "OPENAI_API_KEY", {
    baseURLVariable: "OPENAI_BASE_URL",
    outputBoundField: "max_completion_tokens",
    tokenCharge: boundKept,
    codes: openaiCodes,
  }),
  // Every resource has a host of its own, and every deployment its quota.
  hosted("azure", "", "AZURE_OPENAI_API_KEY", {
    baseURLVariable: "AZURE_OPENAI_ENDPOINT",
    basePath: "/openai/v1",
    apiVersionVariable: "OPENAI_API_VERSION",
    keyHeader: "api-key",
    outputBoundField: "max_completion_tokens",
    tokenCharge: boundKept,
    codes: openaiCodes,
  }),
];
