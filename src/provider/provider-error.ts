import type { CallError, CallErrorCode, CallErrorDetails } from "../call/call-error.ts";
import type { JsonValue } from "../call/json.ts";
import { type AttemptFacts, attemptError } from "./attempt-facts.ts";
import { classify } from "./classify.ts";
import { type ProviderError, readErrorBody } from "./error-body.ts";
import { exceededQuota } from "./exceeded-quota.ts";
import { excerpt } from "./excerpt.ts";
import type { HttpHeaders } from "./http-contract.ts";
import { retryAfterBodyMs, retryAfterHeaderMs } from "./retry-after.ts";

/** An answer that is an error: by its status, or by what stands in a 200 or in an event of a stream. */
export interface ErrorAnswer {
  readonly status: number;
  readonly headers: HttpHeaders;
  /** The parsed body, or the event; absent when it is not JSON. */
  readonly value?: JsonValue;
  readonly text: string;
}

/** Classifies an error that the provider answered. */
export const providerError = (facts: AttemptFacts, answer: ErrorAnswer): CallError => {
  const { status, headers } = answer;
  if (status >= 300 && status < 400) return redirected(facts, answer);
  const error = answer.value === undefined ? noBody(answer.text) : readErrorBody(answer.value);
  const hintMs = waitMs(facts, headers, error, status);
  const meaning = classify(facts.vendor, status, error, hintMs);
  const code = tooLong(meaning, hintMs) ? "quota_exhausted" : meaning;
  const retryable = retryableBy(headers, meaning, code);
  const exceeded = code === "throttled" ? exceededQuota(error) : undefined;
  return attemptError(facts, code, message(facts, answer, error), {
    ...answered(answer),
    body: error.body,
    ...(hintMs !== undefined && { retryAfterMs: hintMs }),
    ...(retryable !== undefined && { retryable }),
    ...(exceeded !== undefined && { exceeded }),
  });
};

/** The details that every answer carries. */
export const answered = (answer: Pick<ErrorAnswer, "status" | "headers">): CallErrorDetails => {
  const requestId = answer.headers["x-request-id"];
  return {
    status: answer.status,
    ...(requestId !== undefined && { requestId }),
  };
};

const noBody = (text: string): ProviderError => ({
  message: excerpt(text),
  body: text === "" ? undefined : excerpt(text),
});

const message = ({ vendor }: AttemptFacts, answer: ErrorAnswer, error: ProviderError): string => {
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
  { context, vendor }: AttemptFacts,
  headers: HttpHeaders,
  error: ProviderError,
  status: number,
): number | undefined => {
  const header = retryAfterHeaderMs(headers, context.clock.wallNow());
  if (header !== undefined) return header;
  return temporary.has(classify(vendor, status, error, undefined))
    ? retryAfterBodyMs(error.message, error.details)
    : undefined;
};

/** The server's own word on a retry, but for what no retry can change. */
const retryableBy = (headers: HttpHeaders, meaning: CallErrorCode, code: CallErrorCode): boolean | undefined => {
  const word = headers["x-should-retry"];
  if (word === "false") return false;
  return word === "true" && meaning === code && code !== "too_large" ? true : undefined;
};

const redirected = (facts: AttemptFacts, answer: ErrorAnswer): CallError => {
  const to = excerpt(answer.headers["location"] ?? "an address it does not name");
  return attemptError(
    facts,
    "invalid_request",
    `${facts.vendor.name} answered ${answer.status}: a redirect from ${facts.origin} to ${to}. ` +
      "Redirects are not followed and nothing was sent there; set the base URL to the address that answers",
    { ...answered(answer), retryable: false },
  );
};
