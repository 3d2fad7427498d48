import type { CallErrorCode } from "./call-error.ts";

/** What is known of an attempt that brought no answer. */
export interface FailedAttempt {
  readonly code: CallErrorCode;
  readonly status?: number;
  /** Whether the request never left, because no connection could be made. */
  readonly unreachable?: boolean;
}

/**
 * Whether the provider may have done the work of an attempt that failed, and charge for it: the answer was lost, late or
 * cut. A provider that says no, or that it has failed, charges nothing; a gateway in front of it does not know.
 */
export const possiblyPaid = ({ code, status, unreachable = false }: FailedAttempt): boolean => {
  if (unreachable) return false;
  if (status !== undefined && gateways.has(status)) return true;
  return maybe.has(code);
};

const maybe: ReadonlySet<CallErrorCode> = new Set([
  "timeout",
  "network",
  "malformed",
  "interrupted",
  "cancelled",
  "schema",
]);

/** Bad gateway, gateway timeout, and what Cloudflare says of an origin that answered too late or not at all. */
const gateways: ReadonlySet<number> = new Set([502, 504, 520, 522, 524]);
