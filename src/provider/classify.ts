import type { CallErrorCode } from "../call/call-error.ts";
import type { ProviderError } from "./error-body.ts";
import { googleViolation, isOfDay } from "./google-violation.ts";
import { dayMs, quotaClaim, quotaPeriodMs } from "./quota-claim.ts";
import type { Vendor } from "./vendor.ts";

/** What a failure means, by provider, status, code and details; the words of a message only settle what those leave open. */
export const classify = (
  vendor: Vendor,
  status: number,
  error: ProviderError,
  retryAfterMs: number | undefined,
): CallErrorCode => {
  if (neverFits(status, error)) return "too_large";
  const code = meaning(vendor, status, error, retryAfterMs);
  return code === "throttled" && isUsedUp(vendor, error, retryAfterMs) ? "quota_exhausted" : code;
};

const meaning = (
  vendor: Vendor,
  status: number,
  error: ProviderError,
  retryAfterMs: number | undefined,
): CallErrorCode => {
  const named = byCode(vendor.codes, error) ?? byCode(commonCodes, error);
  if (named !== undefined) return named;
  if (status >= 200 && status < 300) return insideSuccess(vendor, error, retryAfterMs);
  const code = vendor.statuses?.[status];
  if (code !== undefined) return code;
  if (status === 402 && vendor.paymentMayWait === true && retryAfterMs !== undefined) return "throttled";
  return byStatus(status, error);
};

/** Codes that mean the same whoever says them, whatever the status. `insufficient_quota` is none of them. */
const commonCodes: Readonly<Record<string, CallErrorCode>> = {
  credit_balance_exhausted: "quota_exhausted",
  organization_spend_limit_exceeded: "quota_exhausted",
  project_spend_limit_exceeded: "quota_exhausted",
  organization_usage_limit_exceeded: "quota_exhausted",
  billing_hard_limit_reached: "quota_exhausted",
  enforced_spend_limit_reached: "quota_exhausted",
  contract_spend_limit_reached: "quota_exhausted",
  context_length_exceeded: "context_length",
  exceed_context_size_error: "context_length",
  content_policy_violation: "content_filter",
  content_filter: "content_filter",
  invalid_prompt: "content_filter",
  bio_policy: "content_filter",
  misalignment_policy_violation: "content_filter",
  image_content_policy_violation: "content_filter",
  invalid_api_key: "auth",
  model_not_found: "not_found",
  overloaded_error: "overloaded",
  engine_overloaded: "overloaded",
  resource_unavailable: "overloaded",
};

/** Codes and types that say what a status would have said, had there been one. */
const statusWords: Readonly<Record<string, CallErrorCode>> = {
  rate_limit_exceeded: "throttled",
  rate_limit_error: "throttled",
  requests: "throttled",
  tokens: "throttled",
  RESOURCE_EXHAUSTED: "throttled",
  invalid_request_error: "invalid_request",
  BadRequestError: "invalid_request",
  data_residency_mismatch: "invalid_request",
  authentication_error: "auth",
  permission_error: "auth",
  not_found_error: "not_found",
  NotFoundError: "not_found",
  service_unavailable_error: "overloaded",
  unavailable_error: "overloaded",
  capacity_exceeded: "overloaded",
};

const byCode = (
  codes: Readonly<Record<string, CallErrorCode>> | undefined,
  { code, type }: ProviderError,
): CallErrorCode | undefined => {
  if (codes === undefined) return undefined;
  for (const name of [code, code?.split(".")[0], type]) {
    if (name !== undefined && Object.hasOwn(codes, name)) return codes[name];
  }
  return undefined;
};

const insideSuccess = (vendor: Vendor, error: ProviderError, retryAfterMs: number | undefined): CallErrorCode => {
  if (error.status !== undefined) return classify(vendor, error.status, error, retryAfterMs);
  return byCode(statusWords, error) ?? (badImage.test(error.code ?? "") ? "invalid_request" : "server");
};

/** OpenAI has a dozen codes for an image that a response cannot be made of. */
const badImage = /(?:^|_)image(?:_|$)/;

const byStatus = (status: number, error: ProviderError): CallErrorCode => {
  if (status === 503 || status === 529) return "overloaded";
  if (status >= 500 || status === 408 || status === 409) return "server";
  if (status === 429) return hasOwnCode(error) || !inDemand.test(error.message) ? "throttled" : "overloaded";
  if (status === 402) return "quota_exhausted";
  if (status === 401) return "auth";
  if (status === 403) return forbidden(error);
  if (status === 404) return "not_found";
  if (status === 413) return "too_large";
  return status === 400 ? badRequest(error) : "invalid_request";
};

const forbidden = ({ flagged, message }: ProviderError): CallErrorCode => {
  if (flagged === true) return "content_filter";
  return moneySpent.test(message) ? "quota_exhausted" : "auth";
};

const badRequest = ({ message }: ProviderError): CallErrorCode => {
  if (overContext.test(message)) return "context_length";
  return usageLimit.test(message) ? "quota_exhausted" : "invalid_request";
};

/** vLLM, SGLang and others refuse a long prompt with a plain 400 and no code. */
const overContext = /maximum context length|context (?:length|window)|longer than the model/i;

/** Anthropic says so with a 400, at its beginning: further on it may be the caller's own text. */
const usageLimit = /^you have reached your specified API usage limits|^your credit balance is too low/i;

/** A number that repeats the status says nothing of its own. */
const hasOwnCode = ({ code, status }: ProviderError): boolean => code !== undefined && status === undefined;

/** Azure's other 429: not the caller's quota, but the lack of machines. */
const inDemand = /\bexperiencing high demand\b/i;

/** Not every provider has a code of its own for a limit on money. */
const moneySpent =
  /\bspend(?:ing)?[ -](?:limit|cap)\b|\bcredit balance\b|\b(?:insufficient|out of) (?:credits?|balance|funds)\b|余额不足|欠费/i;

/** OpenAI and Groq answer a request above the whole limit as if it could wait: same status, same code. */
const neverFits = (status: number, error: ProviderError): boolean => {
  const limited = status === 429 || status === 413 || error.status === 429 || error.code === "rate_limit_exceeded";
  if (!limited) return false;
  const { limit, requested } = quotaClaim(error) ?? {};
  if (limit === undefined || requested === undefined) return tooLargeWords.test(error.message);
  return limit > 0 && requested > limit;
};

const tooLargeWords = /^request too large\b/i;

/** A quota that no wait of minutes brings back: a day's, one on money, or one of nothing at all. */
const isUsedUp = (vendor: Vendor, error: ProviderError, retryAfterMs: number | undefined): boolean => {
  // Google's hint is short even where the day is over.
  if (vendor.dayUsedUp?.test(error.message) === true || isGoogleDay(error)) return true;
  if (quotaClaim(error)?.limit === 0) return true;
  return retryAfterMs === undefined && (quotaPeriodMs(error) === dayMs || moneySpent.test(error.message));
};

const isGoogleDay = ({ details }: ProviderError): boolean => isOfDay(googleViolation(details)?.id ?? "");
