import type { Refusal } from "../admission.ts";
import { type ErrorAnswer, type Failure, type FaultFailure, jsonAnswer, throttledMs } from "../failure.ts";

/** The vendor's words for a failure. */
export const anthropicError = (failure: Failure, requestId: string): ErrorAnswer => {
  const { status, type, message, waitMs, errorCode } = wordsOf(failure);
  const details = errorCode === undefined ? {} : { details: { error_code: errorCode } };
  const headers = waitMs === undefined ? {} : { "retry-after": String(Math.max(1, Math.ceil(waitMs / 1000))) };
  return errorOf(status, { type, message, ...details }, requestId, headers);
};

/** The 400 for a request that means nothing. */
export const invalidRequest = (message: string, requestId: string): ErrorAnswer =>
  errorOf(400, { type: "invalid_request_error", message }, requestId);

const errorOf = (
  status: number,
  error: object,
  requestId: string,
  headers: Readonly<Record<string, string>> = {},
): ErrorAnswer => jsonAnswer(status, { type: "error", error, request_id: requestId }, headers);

interface Words {
  readonly status: number;
  readonly type: string;
  readonly message: string;
  /** Until the client may try again. */
  readonly waitMs?: number | undefined;
  readonly errorCode?: string;
}

const wordsOf = (failure: Failure): Words => {
  switch (failure.kind) {
    case "refused": {
      const { refused, hints } = failure;
      return { ...throttled(refusalMessage(refused)), waitMs: hints ? refused.waitMs : undefined };
    }
    case "key": {
      const message = failure.key === undefined ? "x-api-key header is required" : "invalid x-api-key";
      return { status: 401, type: "authentication_error", message };
    }
    case "size":
      return {
        status: 413,
        type: "request_too_large",
        message: `Request exceeds the maximum size of ${failure.maxBodyBytes} bytes`,
      };
    case "path":
      return { status: 404, type: "not_found_error", message: "Not Found" };
    case "model":
      return { status: 404, type: "not_found_error", message: `model: ${failure.model}` };
    case "throttled":
    case "server":
    case "overloaded":
    case "money":
    case "option":
    case "login":
      return fixed[failure.kind];
  }
};

const refusalMessage = ({ reason, limit }: Refusal): string =>
  reason === "concurrency"
    ? "Number of concurrent connections has exceeded your rate limit. Please try again later or contact sales."
    : `This request would exceed your organization's rate limit of ${limit} ${units[reason]} (org: org-simulated). For details, refer to: https://docs.claude.com/en/api/rate-limits.`;

const units = {
  requests: "requests per minute",
  tokens: "tokens per minute",
  input: "input tokens per minute",
  output: "output tokens per minute",
  "too-large": "tokens per minute",
} as const;

const throttled = (message: string): Words => ({ status: 429, type: "rate_limit_error", message });

const fixed: Readonly<Record<FaultFailure, Words>> = {
  throttled: {
    ...throttled("This request would exceed your organization's rate limit. Please try again later."),
    waitMs: throttledMs,
  },
  server: { status: 500, type: "api_error", message: "Internal server error" },
  overloaded: { status: 529, type: "overloaded_error", message: "Overloaded" },
  money: {
    ...throttled("You have reached the spend limit of your organization."),
    errorCode: "enforced_spend_limit_reached",
  },
  option: { status: 400, type: "invalid_request_error", message: "temperature: Extra inputs are not permitted" },
  login: { status: 401, type: "authentication_error", message: "invalid x-api-key" },
};
