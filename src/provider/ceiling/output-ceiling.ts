import type { JsonObject } from "../../call/json.ts";
import type { Vendor } from "../vendor.ts";
import type { WireFormat } from "../wire-format.ts";

/** The most output tokens that a request can be charged for, reasoning included; `undefined` when nothing bounds them. */
export const outputCeiling = (body: JsonObject, format: WireFormat, vendor: Vendor): number | undefined => {
  const bound = format.outputBound(body);
  if (bound === undefined || bound === 0) return bound;
  const thinking = thinkingBeyond(body, vendor);
  return thinking === undefined ? undefined : bound + thinking;
};

/** Qwen's thinking is not counted against the bound of the answer, but has one of its own. */
const thinkingBeyond = (body: JsonObject, { thinksBeyondBound = false }: Vendor): number | undefined => {
  if (!thinksBeyondBound || body["enable_thinking"] === false) return 0;
  const { thinking_budget: budget, n } = body;
  return typeof budget === "number" && budget >= 0 ? budget * (typeof n === "number" && n > 1 ? n : 1) : undefined;
};
