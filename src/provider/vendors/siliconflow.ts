import type { Vendor } from "../vendor.ts";
import { hosted } from "./hosted-vendor.ts";

const quirks: Partial<Vendor> = {
  structured: "json_object",
  codes: { "20012": "not_found", "30001": "quota_exhausted", "50505": "overloaded" },
};

/** SiliconFlow, in China and abroad. */
export const siliconflowVendors: readonly Vendor[] = [
  hosted("siliconflow", "https://api.siliconflow.cn/v1", "SILICONFLOW_API_KEY", quirks),
  hosted("siliconflow-intl", "https://api.siliconflow.com/v1", "SILICONFLOW_API_KEY", quirks),
];
