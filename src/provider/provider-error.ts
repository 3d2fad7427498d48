import type { CallError, CallErrorCode, CallErrorDetails } from "../call/call-error.ts";
import type { JsonValue } from "../call/json.ts";
import type { QuotaLevel } from "../call/limiter.ts";
import { type FailureFacts, attemptError } from "./attempt-facts.ts";
import { classify } from "./classify.ts";
import { type ProviderError, readErrorBody } from "./error-body.ts";
import { exceededQuota } from "./exceeded-quota.ts";
import { excerpt } from "./excerpt.ts";
import type { HttpHeaders } from "./http-contract.ts";
import { dayMs, quotaClaim } from "./quota-claim.ts";
import { readQuotas } from "./rate-limit-headers.ts";
import { retryAfterBodyMs, retryAfterHeaderMs } from "./retry-after.ts";
import type { Vendor } from "./vendor.ts";

/** An answer that is an error: by its status, or by what stands in a 200 or in an event of a stream. */
export interface ErrorAnswer {
  readonly status: number;
  readonly headers: HttpHeaders;
  /** The parsed body, or the event; absent when it is not JSON. */
  readonly value?: JsonValue;
  readonly text: string;
}

/** Classifies an error that the provider answered. */
export const providerError = (facts: FailureFacts, answer: ErrorAnswer): CallError => {
  const { status, headers } = answer;
  if (status >= 300 && status < 400) return redirected(facts, answer);
  const error = answer.value === undefined ? noBody(answer.text) : readErrorBody(answer.value);
  const hintMs = waitMs(facts, headers, error, status);
  const meaning = classify(facts.vendor, status, error, hintMs);
  const maybeDay = hintMs === undefined && (meaning === "throttled" || meaning === "quota_exhausted");
  const day = maybeDay ? emptyDay(headers, facts.vendor) : undefined;
  const usedUp = tooLong(meaning, hintMs) || (day !== undefined && meaning === "throttled");
  const code = usedUp ? "quota_exhausted" : meaning;
  const retryAfterMs = hintMs ?? day?.resetMs;
  const retryable = retryableBy(headers, code);
  return attemptError(facts, code, message(facts, answer, error), {
    ...(error.requestId !== undefined && { requestId: error.requestId }),
    ...answered(answer),
    body: error.body,
    ...(retryAfterMs !== undefined && { retryAfterMs }),
    ...(retryable !== undefined && { retryable }),
    ...(refused.has(code) && aboutQuota(error, status)),
  });
};

/** What a quota refused: it says which, and how large it is. */
const refused: ReadonlySet<CallErrorCode> = new Set(["throttled", "quota_exhausted", "too_large"]);

const aboutQuota = (error: ProviderError, status: number): Pick<CallErrorDetails, "exceeded" | "quota"> => {
  const exceeded = exceededQuota(error);
  if (exceeded === undefined && status === 413) return {};
  const quota = exceeded === "concurrency" ? undefined : quotaClaim(error);
  return {
    ...(exceeded !== undefined && { exceeded }),
    ...(quota !== undefined && quota.limit > 0 && { quota }),
  };
};

/** The quota of a day of which the headers say that nothing is left. */
const emptyDay = (headers: HttpHeaders, vendor: Vendor): QuotaLevel | undefined =>
  readQuotas(headers, vendor)?.find(({ periodMs, remaining }) => periodMs === dayMs && remaining === 0);

/** The details that every answer carries. */
export const answered = (answer: Pick<ErrorAnswer, "status" | "headers">): CallErrorDetails => {
  const requestId = requestIdOf(answer.headers);
  return {
    status: answer.status,
    ...(requestId !== undefined && { requestId }),
  };
};

/** OpenAI's name for it, Anthropic's, and Azure's. */
export const requestIdOf = (headers: HttpHeaders): string | undefined =>
  headers["x-request-id"] ?? headers["request-id"] ?? headers["apim-request-id"];

const noBody = (text: string): ProviderError => ({
  message: excerpt(text),
  body: text === "" ? undefined : excerpt(text),
});

const message = ({ vendor }: FailureFacts, answer: ErrorAnswer, error: ProviderError): string => {
  const within = answer.status < 300 ? " with an error inside" : "";
  const words = excerpt(error.message === "" ? answer.text : error.message, 500);
  return `${vendor.name} answered ${answer.status}${within}: ${words === "" ? "(an empty body)" : words}`;
};

/** The longest wait that is obeyed; what asks for more is a quota that is used up. */
const longestWaitMs = 120_000;

const temporary: ReadonlySet<CallErrorCode> = new Set(["throttled", "overloaded", "server"]);

const tooLong = (code: CallErrorCode, hintMs: number | undefined): boolean =>
  hintMs !== undefined && hintMs > longestWaitMs && temporary.has(code);

const waitMs = (
  { context, vendor }: FailureFacts,
  headers: HttpHeaders,
  error: ProviderError,
  status: number,
): number | undefined => {
  const header = retryAfterHeaderMs(headers, context.clock.wallNow());
  if (header !== undefined) return header;
  const words = retryAfterBodyMs(error.message, error.details);
  return words !== undefined && temporary.has(classify(vendor, status, error, words)) ? words : undefined;
};

/** The server's own word on a retry, but for what no retry can change. */
const retryableBy = (headers: HttpHeaders, code: CallErrorCode): boolean | undefined => {
  const word = headers["x-should-retry"];
  if (word === "false") return false;
  return word === "true" && code !== "too_large" && code !== "quota_exhausted" ? true : undefined;
};

const redirected = (facts: FailureFacts, answer: ErrorAnswer): CallError => {
  const to = excerpt(answer.headers["location"] ?? "an address it does not name");
  return attemptError(
    facts,
    "invalid_request",
    `${facts.vendor.name} answered ${answer.status}: a redirect from ${facts.origin} to ${to}. ` +
      "Redirects are not followed and nothing was sent there; set the base URL to the address that answers",
    { ...answered(answer), retryable: false },
  );
};
