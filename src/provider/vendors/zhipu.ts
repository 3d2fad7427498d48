import type { CallErrorCode } from "../../call/call-error.ts";
import type { Vendor } from "../vendor.ts";
import { asUsed, hosted } from "./hosted-vendor.ts";

/** Nothing but the code tells its 429s apart. */
const codes: Readonly<Record<string, CallErrorCode>> = {
  "1000": "auth",
  "1001": "auth",
  "1002": "auth",
  "1003": "auth",
  "1004": "auth",
  "1110": "auth",
  "1111": "auth",
  "1112": "auth",
  "1113": "quota_exhausted",
  "1121": "auth",
  "1211": "not_found",
  "1220": "auth",
  "1221": "auth",
  "1222": "auth",
  "1234": "server",
  "1261": "context_length",
  "1301": "content_filter",
  "1302": "throttled",
  "1303": "throttled",
  "1304": "quota_exhausted",
  "1305": "overloaded",
  "1308": "quota_exhausted",
  "1309": "quota_exhausted",
  "1310": "quota_exhausted",
  "1311": "not_found",
  "1312": "overloaded",
  "1313": "quota_exhausted",
};

const quirks: Partial<Vendor> = {
  tokenCharge: asUsed,
  structured: "json_object",
  codes,
  failedFinishReasons: { network_error: "server" },
};

/** Zhipu's GLM, in China and abroad. */
export const zhipuVendors: readonly Vendor[] = [
  hosted("zhipu", "https://open.bigmodel.cn/api/paas/v4", "ZHIPU_API_KEY", {
    ...quirks,
    aliases: ["glm", "bigmodel"],
    keyVariables: ["ZHIPU_API_KEY", "ZHIPUAI_API_KEY", "ZAI_API_KEY"],
  }),
  hosted("zai", "https://api.z.ai/api/paas/v4", "ZAI_API_KEY", { ...quirks, aliases: ["zhipu-intl", "glm-intl"] }),
];
