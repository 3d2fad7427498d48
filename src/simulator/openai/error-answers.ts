import type { Refusal } from "../admission.ts";
import { type ErrorAnswer, type Failure, type FaultFailure, jsonAnswer, throttledMs } from "../failure.ts";
import { goDuration } from "./go-duration.ts";

interface ErrorFields {
  readonly message: string;
  readonly type?: string;
  readonly param?: string | null;
  readonly code?: string | null;
}

/** An error in the vendor's shape. */
export const vendorError = (
  status: number,
  { message, type = "invalid_request_error", param = null, code = null }: ErrorFields,
  headers: Readonly<Record<string, string>> = {},
): ErrorAnswer => jsonAnswer(status, { error: { message, type, param, code } }, headers);

/** The vendor's words for a failure. */
export const openaiError = (failure: Failure): ErrorAnswer => {
  switch (failure.kind) {
    case "refused":
      return refusalError(failure.refused, failure.model, failure.hints);
    case "key":
      return keyError(failure.key);
    case "size":
      return vendorError(413, {
        message: `The request body is larger than the maximum of ${failure.maxBodyBytes} bytes.`,
      });
    case "path":
      return pathError(failure.method, failure.path);
    case "model":
      return vendorError(404, {
        message: `The model \`${failure.model}\` does not exist or you do not have access to it.`,
        code: "model_not_found",
      });
    case "throttled":
    case "server":
    case "overloaded":
    case "money":
    case "option":
    case "login":
      return fixed[failure.kind];
  }
};

/** The 429 for a refusal, with the vendor's words; without a hint it does not say when to try again. */
const refusalError = (refused: Refusal, model: string, hints: boolean): ErrorAnswer => {
  const { reason, limit, used, requested } = refused;
  const waitMs = hints ? refused.waitMs : undefined;
  const subject = `${model} in organization org-simulated on ${units[reason]}`;
  const fields = { type: aboutRequests.has(reason) ? "requests" : "tokens", code: exceeded };
  if (reason === "too-large") {
    const message = `Request too large for ${subject}: Limit ${limit}, Requested ${requested}. The input or output tokens must be reduced in order to run successfully. ${visit}`;
    return vendorError(429, { ...fields, message });
  }
  const again = waitMs === undefined ? "" : ` Please try again in ${goDuration(waitMs)}.`;
  const message = `Rate limit reached for ${subject}: Limit ${limit}, Used ${used}, Requested ${requested}.${again} ${visit}`;
  return vendorError(429, { ...fields, message }, waitMs === undefined ? {} : retryAfter(waitMs));
};

/** The vendor says the time twice: whole seconds, and exactly. */
export const retryAfter = (waitMs: number): Record<string, string> => ({
  "retry-after": String(Math.max(1, Math.ceil(waitMs / 1000))),
  "retry-after-ms": String(Math.max(1, Math.ceil(waitMs))),
});

const exceeded = "rate_limit_exceeded";
const visit = "Visit https://platform.openai.com/account/rate-limits to learn more.";
const aboutRequests: ReadonlySet<Refusal["reason"]> = new Set(["requests", "concurrency"] as const);
const units = {
  requests: "requests per min (RPM)",
  tokens: "tokens per min (TPM)",
  input: "input tokens per min (ITPM)",
  output: "output tokens per min (OTPM)",
  "too-large": "tokens per min (TPM)",
  concurrency: "concurrent requests",
} as const;

/** The 401 for a request without a key, or with another one; the key is shown as little as the vendor shows it. */
const keyError = (key: string | undefined): ErrorAnswer =>
  key === undefined
    ? vendorError(401, {
        message:
          "You didn't provide an API key. You need to provide your API key in an Authorization header using Bearer auth (i.e. Authorization: Bearer YOUR_KEY). You can obtain an API key from https://platform.openai.com/account/api-keys.",
      })
    : vendorError(401, {
        message: `Incorrect API key provided: ${masked(key)}. You can find your API key at https://platform.openai.com/account/api-keys.`,
        code: "invalid_api_key",
      });

const masked = (key: string): string =>
  key.length < 12 ? "*".repeat(key.length) : `${key.slice(0, 3)}${"*".repeat(8)}${key.slice(-4)}`;

/** The 404 for a path that the vendor does not know. */
const pathError = (method: string, path: string): ErrorAnswer =>
  vendorError(404, {
    message: `Unknown request URL: ${method} ${path}. Please check the URL for typos, or see the docs at https://platform.openai.com/docs/api-reference/.`,
    code: "unknown_url",
  });

const fixed: Readonly<Record<FaultFailure, ErrorAnswer>> = {
  login: keyError("sk-simulated-fault"),
  throttled: vendorError(
    429,
    {
      message: `Rate limit reached for requests. Please try again in ${throttledMs}ms.`,
      type: "requests",
      code: exceeded,
    },
    retryAfter(throttledMs),
  ),
  server: vendorError(500, {
    message: "The server had an error while processing your request. Sorry about that!",
    type: "server_error",
  }),
  overloaded: vendorError(503, {
    message: "The engine is currently overloaded, please try again later.",
    type: "server_error",
  }),
  money: vendorError(429, {
    message:
      "You exceeded your current quota, please check your plan and billing details. For more information on this error, read the docs: https://platform.openai.com/docs/guides/error-codes/api-errors.",
    type: "insufficient_quota",
    code: "insufficient_quota",
  }),
  option: vendorError(400, {
    message: "Unsupported value: 'temperature' does not support 0 with this model.",
    param: "temperature",
    code: "unsupported_value",
  }),
};
