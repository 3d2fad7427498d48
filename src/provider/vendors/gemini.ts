import type { CallErrorCode } from "../../call/call-error.ts";
import type { Vendor } from "../vendor.ts";
import { asUsed, hosted } from "./hosted-vendor.ts";

/** Google's statuses, and a reason that hides behind INVALID_ARGUMENT; the rest is told by the number. */
const codes: Readonly<Record<string, CallErrorCode>> = {
  API_KEY_INVALID: "auth",
  UNAUTHENTICATED: "auth",
  BILLING_DISABLED: "quota_exhausted",
  RESOURCE_EXHAUSTED: "throttled",
  UNAVAILABLE: "overloaded",
  DEADLINE_EXCEEDED: "server",
  INTERNAL: "server",
  CANCELLED: "server",
};

/** Google's Gemini, asked in its own format. */
export const geminiVendors: readonly Vendor[] = [
  hosted("gemini", "https://generativelanguage.googleapis.com/v1beta", "GEMINI_API_KEY", {
    aliases: ["google"],
    keyVariables: ["GOOGLE_API_KEY", "GEMINI_API_KEY"],
    baseURLVariable: "GOOGLE_GEMINI_BASE_URL",
    basePath: "/v1beta",
    conversation: "generate",
    paths: { chat: "/openai/chat/completions", embeddings: "/openai/embeddings" },
    codes,
    tokenCharge: asUsed,
    failedFinishReasons: { MALFORMED_FUNCTION_CALL: "malformed", MALFORMED_RESPONSE: "malformed" },
  }),
];
