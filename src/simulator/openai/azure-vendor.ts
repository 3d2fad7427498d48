import type { Asked, Dialect, Vendor } from "../dialect.ts";
import { type ErrorAnswer, type Failure, jsonAnswer, throttledMs } from "../failure.ts";
import { retryAfter } from "./error-answers.ts";
import { openaiVendor } from "./openai-vendor.ts";
import { rateLimitHeaders } from "./rate-limit-headers.ts";

/** The same format as Azure speaks it. */
export const azureDialect = <Request extends Asked>(dialect: Dialect<Request>): Dialect<Request> => {
  const { vendor } = dialect;
  return { ...dialect, vendor: { ...azureVendor, errorFrame: (body, tokens) => vendor.errorFrame(body, tokens) } };
};

/** OpenAI's errors and headers where Azure has none of its own. */
export const azureVendor: Vendor = {
  ...openaiVendor,
  error: (failure, requestId) => azureError(failure) ?? openaiVendor.error(failure, requestId),
  quotaHeaders: (quotas) => rateLimitHeaders(quotas, wholeSeconds),
  replyHeaders: (requestId) => ({
    "x-request-id": requestId,
    "apim-request-id": requestId,
    "x-ms-region": "Simulated Central",
  }),
};

const wholeSeconds = (ms: number): string => String(Math.ceil(ms / 1000));

const azureError = (failure: Failure): ErrorAnswer | undefined => {
  switch (failure.kind) {
    case "throttled":
      return rateError("token", throttledMs);
    case "refused": {
      const { reason, waitMs } = failure.refused;
      if (reason === "too-large") return undefined;
      return rateError(reason === "requests" ? "call" : "token", failure.hints ? waitMs : undefined);
    }
    case "key":
    case "login":
      return jsonAnswer(401, { error: { code: "401", message: badKey } });
    case "path":
      return jsonAnswer(404, { error: { code: "404", message: "Resource not found" } });
    case "size":
    case "model":
    case "server":
    case "overloaded":
    case "money":
    case "option":
      return undefined;
  }
};

const badKey =
  "Access denied due to invalid subscription key or wrong API endpoint. Make sure to provide a valid key for an active subscription and use a correct regional API endpoint for your resource.";

const rateError = (limit: "token" | "call", waitMs: number | undefined): ErrorAnswer => {
  const again = waitMs === undefined ? "" : ` Please retry after ${Math.max(1, Math.ceil(waitMs / 1000))} seconds.`;
  const message = `Requests to the Simulated Operation under Azure OpenAI API have exceeded ${limit} rate limit of your current OpenAI S0 pricing tier.${again}`;
  return jsonAnswer(429, { error: { code: "429", message } }, waitMs === undefined ? {} : retryAfter(waitMs));
};
