import type { CallErrorCode } from "../../call/call-error.ts";
import type { Vendor } from "../vendor.ts";
import { hosted } from "./hosted-vendor.ts";

/** Of `base_resp.status_code`, which stands in a 200 as well. */
const codes: Readonly<Record<string, CallErrorCode>> = {
  "1000": "server",
  "1001": "server",
  "1002": "throttled",
  "1004": "auth",
  "1008": "quota_exhausted",
  "1013": "server",
  "1024": "server",
  "1026": "content_filter",
  "1027": "content_filter",
  "1033": "server",
  "1039": "throttled",
  "1041": "throttled",
  "1042": "invalid_request",
  "2013": "invalid_request",
  "2045": "throttled",
  "2049": "auth",
  "2056": "quota_exhausted",
  "2061": "not_found",
};

/** Nothing says which of its models keep to a format. */
const quirks: Partial<Vendor> = { codes, structured: "none" };

/** MiniMax, in China and abroad. */
export const minimaxVendors: readonly Vendor[] = [
  hosted("minimax", "https://api.minimaxi.com/v1", "MINIMAX_API_KEY", quirks),
  hosted("minimax-intl", "https://api.minimax.io/v1", "MINIMAX_API_KEY", quirks),
];
