import type { Vendor } from "../dialect.ts";
import { bearerKey, headerKey } from "../key-refusal.ts";
import { openaiError } from "./error-answers.ts";
import { rateLimitHeaders } from "./rate-limit-headers.ts";

/** OpenAI's errors and headers. */
export const openaiVendor: Vendor = {
  framing: "lf",
  key: (visit) => bearerKey(visit) ?? headerKey(visit, "api-key"),
  error: openaiError,
  quotaHeaders: (quotas) => rateLimitHeaders(quotas),
  replyHeaders: (requestId, elapsedMs) => ({
    "x-request-id": requestId,
    "openai-processing-ms": String(Math.round(elapsedMs)),
    "openai-organization": "org-simulated",
    "openai-version": "2020-10-01",
  }),
  errorFrame: (body) => `data: ${body}\n\n`,
};
