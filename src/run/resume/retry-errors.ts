import type { CallErrorCode } from "../../call/call-error.ts";

/** Which recorded failures the next run sends again. */
export type RetryErrors = "retryable" | "all" | "none";

/** All of them, the default first. */
export const retryPolicies: readonly RetryErrors[] = ["retryable", "all", "none"];

/** Whether a row that failed this way is sent again by the next run; codes that are named win over the policy. */
export const isRetried = (
  code: CallErrorCode,
  policy: RetryErrors = "retryable",
  codes?: readonly CallErrorCode[],
): boolean => {
  if (codes !== undefined) return codes.includes(code);
  if (policy !== "retryable") return policy === "all";
  return !permanent.has(code);
};

/** The same request gets the same answer, whenever it is sent. */
const permanent: ReadonlySet<CallErrorCode> = new Set<CallErrorCode>([
  "content_filter",
  "context_length",
  "invalid_request",
  "too_large",
]);
