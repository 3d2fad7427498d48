import type { CallErrorCode } from "../../call/call-error.ts";
import type { Vendor } from "../vendor.ts";
import { hosted } from "./hosted-vendor.ts";

/** A code may go on after a dot; these hold for all that begin so, unless the longer one stands here, too. */
const codes: Readonly<Record<string, CallErrorCode>> = {
  "RateLimitExceeded.FoundationModelTPDExceeded": "quota_exhausted",
  RequestBurstTooFast: "throttled",
  InflightBatchsizeExceeded: "throttled",
  ServerOverloaded: "overloaded",
  AccountOverdueError: "quota_exhausted",
  "OperationDenied.ServiceOverdue": "quota_exhausted",
  SetLimitExceeded: "quota_exhausted",
  QuotaExceeded: "quota_exhausted",
  InvalidAccountStatus: "auth",
  OperationDenied: "auth",
  ModelNotOpen: "not_found",
  OutofContextError: "context_length",
  SensitiveContentDetected: "content_filter",
  InputTextSensitiveContentDetected: "content_filter",
  InputImageSensitiveContentDetected: "content_filter",
  OutputTextSensitiveContentDetected: "content_filter",
  InputTextRiskDetection: "content_filter",
  OutputTextRiskDetection: "content_filter",
};

/** Volcengine Ark, with the Doubao models, and its sister abroad. */
export const arkVendors: readonly Vendor[] = [
  hosted("ark", "https://ark.cn-beijing.volces.com/api/v3", "ARK_API_KEY", {
    aliases: ["volcengine", "doubao"],
    codes,
  }),
  hosted("byteplus", "https://ark.ap-southeast.bytepluses.com/api/v3", "ARK_API_KEY", {
    aliases: ["ark-intl", "modelark"],
    keyVariables: ["BYTEPLUS_API_KEY", "ARK_API_KEY"],
    codes,
  }),
];
