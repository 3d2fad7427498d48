import type { CallError, CallErrorCode } from "../../call/call-error.ts";
import type { Operation } from "../../call/call.ts";
import { isJsonObject, type JsonObject } from "../../call/json.ts";

/**
 * The response for a call that failed for good, in the words of its wire format. A client must not try again what has
 * been tried: `x-should-retry: false` is what the clients of OpenAI, Anthropic and others heed.
 */
export const errorResponse = (
  error: CallError,
  operation: Operation,
  shown: (status: number) => number = same,
): Response => {
  const status = isErrorStatus(error.status) ? error.status : statuses[error.code];
  const { requestId, retryAfterMs } = error;
  return new Response(JSON.stringify(errorBody(error, operation, status)), {
    status: shown(status),
    headers: {
      "content-type": "application/json",
      "x-should-retry": "false",
      "x-sluice-status": String(status),
      "x-sluice-code": error.code,
      "x-sluice-attempts": String(error.attempts),
      ...(requestId === undefined || !isHeaderValue(requestId)
        ? {}
        : { "x-request-id": requestId, "request-id": requestId }),
      ...(retryAfterMs === undefined ? {} : { "retry-after": String(Math.ceil(retryAfterMs / 1000)) }),
    },
  });
};

const same = (status: number): number => status;

/** No `Response` can have another one, whatever servers send. */
const isErrorStatus = (status: number | undefined): status is number =>
  status !== undefined && status >= 400 && status <= 599;

/** Some servers name a request in the body, where anything can stand. */
const isHeaderValue = (text: string): boolean => /^[\x20-\x7e]*$/.test(text);

const errorBody = (error: CallError, operation: Operation, status: number): JsonObject => {
  const { body, message, code } = error;
  if (isJsonObject(body) && "error" in body) return body;
  if (operation === "messages")
    return { type: "error", error: { type: anthropicTypes[status] ?? "api_error", message } };
  if (operation === "generate")
    return { error: { code: status, message, status: googleStatuses[status] ?? "UNKNOWN" } };
  return { error: { message, type: code, param: null, code } };
};

/** What a failure without a status of its own is told as. */
const statuses: Readonly<Record<CallErrorCode, number>> = {
  throttled: 429,
  quota_exhausted: 429,
  too_large: 413,
  auth: 401,
  invalid_request: 400,
  context_length: 400,
  content_filter: 400,
  not_found: 404,
  timeout: 504,
  network: 502,
  server: 502,
  overloaded: 503,
  malformed: 502,
  interrupted: 502,
  schema: 502,
  cancelled: 499,
  budget: 402,
  queue_full: 503,
  closed: 503,
};

const anthropicTypes: Readonly<Record<number, string>> = {
  400: "invalid_request_error",
  401: "authentication_error",
  402: "billing_error",
  403: "permission_error",
  404: "not_found_error",
  413: "request_too_large",
  429: "rate_limit_error",
  504: "timeout_error",
  529: "overloaded_error",
};

const googleStatuses: Readonly<Record<number, string>> = {
  400: "INVALID_ARGUMENT",
  401: "UNAUTHENTICATED",
  403: "PERMISSION_DENIED",
  404: "NOT_FOUND",
  429: "RESOURCE_EXHAUSTED",
  503: "UNAVAILABLE",
  504: "DEADLINE_EXCEEDED",
};
