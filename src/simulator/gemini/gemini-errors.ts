import type { Refusal } from "../admission.ts";
import { type ErrorAnswer, type Failure, type FaultFailure, jsonAnswer, throttledMs } from "../failure.ts";

/** The vendor's words for a failure. */
export const geminiError = (failure: Failure): ErrorAnswer => {
  switch (failure.kind) {
    case "refused":
      return refusalError(failure.refused, failure.model, failure.hints);
    case "key":
      return failure.key === undefined
        ? statusError("PERMISSION_DENIED", unregistered)
        : statusError("INVALID_ARGUMENT", "API key not valid. Please pass a valid API key.", [badKey]);
    case "size":
      return invalidArgument(`Request payload size exceeds the limit: ${failure.maxBodyBytes} bytes.`);
    case "path":
      return statusError("NOT_FOUND", `The requested URL ${failure.path} was not found on this server.`);
    case "model":
      return statusError("NOT_FOUND", `models/${failure.model} is not found for API version v1beta.`);
    case "throttled":
    case "server":
    case "overloaded":
    case "money":
    case "option":
    case "login":
      return fixed[failure.kind];
  }
};

/** The 400 for a request that means nothing. */
export const invalidArgument = (message: string): ErrorAnswer => statusError("INVALID_ARGUMENT", message);

const codes = {
  INVALID_ARGUMENT: 400,
  UNAUTHENTICATED: 401,
  PERMISSION_DENIED: 403,
  NOT_FOUND: 404,
  RESOURCE_EXHAUSTED: 429,
  INTERNAL: 500,
  UNAVAILABLE: 503,
} as const;

const statusError = (status: keyof typeof codes, message: string, details: readonly object[] = []): ErrorAnswer => {
  const error = { code: codes[status], message, status, ...(details.length === 0 ? {} : { details }) };
  return jsonAnswer(codes[status], { error });
};

const unregistered =
  "Method doesn't allow unregistered callers (callers without established identity). Please use API Key or other form of API consumer identity to call this API.";

const badKey = {
  "@type": "type.googleapis.com/google.rpc.ErrorInfo",
  reason: "API_KEY_INVALID",
  domain: "googleapis.com",
  metadata: { service: "generativelanguage.googleapis.com" },
};

const refusalError = ({ reason, limit, waitMs }: Refusal, model: string, hints: boolean): ErrorAnswer => {
  const failure = quotaFailure(quotas[reason], String(limit), model);
  return exhausted([failure, ...(waitMs === undefined || !hints ? [] : [retryInfo(waitMs)])]);
};

const exhausted = (details: readonly object[]): ErrorAnswer =>
  statusError(
    "RESOURCE_EXHAUSTED",
    "You exceeded your current quota, please check your plan and billing details. For more information on this error, head to: https://ai.google.dev/gemini-api/docs/rate-limits.",
    details,
  );

const quotaFailure = ([metric, quotaId]: readonly [string, string], quotaValue: string, model: string): object => ({
  "@type": "type.googleapis.com/google.rpc.QuotaFailure",
  violations: [
    {
      quotaMetric: `generativelanguage.googleapis.com/${metric}`,
      quotaId,
      quotaDimensions: { location: "global", model },
      quotaValue,
    },
  ],
});

const retryInfo = (waitMs: number): object => ({
  "@type": "type.googleapis.com/google.rpc.RetryInfo",
  retryDelay: `${Math.max(1, Math.ceil(waitMs)) / 1000}s`,
});

const inputTokens = ["generate_content_input_token_count", "GenerateContentInputTokensPerModelPerMinute"] as const;

const quotas: Readonly<Record<Refusal["reason"], readonly [string, string]>> = {
  requests: ["generate_content_requests", "GenerateRequestsPerMinutePerProjectPerModel"],
  tokens: inputTokens,
  input: inputTokens,
  "too-large": inputTokens,
  output: ["generate_content_output_token_count", "GenerateContentOutputTokensPerModelPerMinute"],
  concurrency: ["generate_content_concurrent_requests", "GenerateConcurrentRequestsPerProjectPerModel"],
};

const fixed: Readonly<Record<FaultFailure, ErrorAnswer>> = {
  throttled: exhausted([quotaFailure(quotas.requests, "60", "simulated"), retryInfo(throttledMs)]),
  server: statusError("INTERNAL", "An internal error has occurred. Please retry."),
  overloaded: statusError("UNAVAILABLE", "The model is overloaded. Please try again later."),
  money: exhausted([
    quotaFailure(["generate_content_requests", "GenerateRequestsPerDayPerProjectPerModel"], "1500", "simulated"),
  ]),
  option: invalidArgument("Unable to submit request because it has a temperature value that is not supported."),
  login: statusError("UNAUTHENTICATED", "Request had invalid authentication credentials."),
};
