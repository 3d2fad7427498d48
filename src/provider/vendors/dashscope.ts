import type { CallErrorCode } from "../../call/call-error.ts";
import type { Vendor } from "../vendor.ts";
import { asUsed, hosted } from "./hosted-vendor.ts";

/** The first stands for the tokens of a minute here. */
const codes: Readonly<Record<string, CallErrorCode>> = {
  insufficient_quota: "throttled",
  Throttling: "throttled",
  limit_requests: "throttled",
  limit_burst_rate: "throttled",
  "AllocationQuota.FreeTierOnly": "quota_exhausted",
  Arrearage: "quota_exhausted",
  data_inspection_failed: "content_filter",
  DataInspectionFailed: "content_filter",
};

/** A JSON Schema is kept to by some models only; every other refuses it. */
const quirks: Partial<Vendor> = {
  keyVariables: ["DASHSCOPE_API_KEY", "ALIBABA_API_KEY"],
  tokenCharge: asUsed,
  structured: "json_object",
  thinksBeyondBound: true,
  codes,
};

/** Alibaba's models. Keys of one region are unknown to the others. */
export const dashscopeVendors: readonly Vendor[] = [
  hosted("dashscope", "https://dashscope.aliyuncs.com/compatible-mode/v1", "DASHSCOPE_API_KEY", {
    ...quirks,
    aliases: ["qwen", "alibaba"],
  }),
  hosted("dashscope-intl", "https://dashscope-intl.aliyuncs.com/compatible-mode/v1", "DASHSCOPE_API_KEY", {
    ...quirks,
    aliases: ["qwen-intl"],
  }),
  hosted("dashscope-us", "https://dashscope-us.aliyuncs.com/compatible-mode/v1", "DASHSCOPE_API_KEY", {
    ...quirks,
    aliases: ["qwen-us"],
  }),
];
