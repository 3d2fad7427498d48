/** Why a call failed: the closed list that every layer, result and exit code speaks. `schema` and `budget` are kept for what is not built yet. */
export type CallErrorCode =
  | "throttled"
  | "quota_exhausted"
  | "too_large"
  | "auth"
  | "invalid_request"
  | "context_length"
  | "content_filter"
  | "not_found"
  | "timeout"
  | "network"
  | "server"
  | "overloaded"
  | "malformed"
  | "interrupted"
  | "schema"
  | "cancelled"
  | "budget"
  | "queue_full"
  | "closed";

const retryableCodes: ReadonlySet<CallErrorCode> = new Set([
  "throttled",
  "overloaded",
  "server",
  "network",
  "malformed",
  "timeout",
]);

/** The kind of limit that a 429 is about. */
export type ExceededQuota = "requests" | "tokens" | "concurrency";

/** What a provider says of the quota that refused a call. */
export interface QuotaClaim {
  /** What the quota allows in its period. */
  readonly limit: number;
  /** What the provider counted for the refused call alone. */
  readonly requested?: number;
  /** What it counts, where `exceeded` leaves that open. */
  readonly unit?: "input" | "output";
  /** @default 60_000 */
  readonly periodMs?: number;
}

/** What is known about a failure beside its code and message. */
export interface CallErrorDetails {
  readonly cause?: unknown;
  /** Overrides what the code says, as `x-should-retry` does. */
  readonly retryable?: boolean;
  readonly status?: number;
  readonly provider?: string;
  readonly model?: string;
  readonly requestId?: string;
  readonly retryAfterMs?: number;
  /** The text of a stream that broke after content had been delivered. */
  readonly partial?: string;
  readonly attempts?: number;
  /** The provider's own error body, for records that show it. */
  readonly body?: unknown;
  /** True when no answer ever came: the connection could not be made. */
  readonly unreachable?: boolean;
  /** True when there was no time left to make it, or to make it again, before its deadline. */
  readonly tooLate?: boolean;
  /** Which limit a throttled call ran into, when the provider says so. */
  readonly exceeded?: ExceededQuota;
  /** What the provider's error says of that limit. */
  readonly quota?: QuotaClaim;
}

/** What may be said anew about a failure beside its details. */
export interface CallErrorChange {
  readonly code?: CallErrorCode;
  /** Put behind the message, in brackets. */
  readonly note?: string;
}

/** The one failure that leaves a call: classified once, where the status is known. */
export class CallError extends Error {
  override readonly name = "CallError";
  readonly code: CallErrorCode;
  readonly retryable: boolean;
  readonly status: number | undefined;
  readonly provider: string;
  readonly model: string;
  readonly requestId: string | undefined;
  readonly retryAfterMs: number | undefined;
  readonly partial: string | undefined;
  /** How many attempts were made, this one included. */
  readonly attempts: number;
  readonly body: unknown;
  readonly unreachable: boolean;
  readonly tooLate: boolean;
  readonly exceeded: ExceededQuota | undefined;
  readonly quota: QuotaClaim | undefined;
  readonly #details: CallErrorDetails;

  constructor(code: CallErrorCode, message: string, details: CallErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.#details = details;
    this.code = code;
    this.retryable = details.retryable ?? retryableCodes.has(code);
    this.status = details.status;
    this.provider = details.provider ?? "";
    this.model = details.model ?? "";
    this.requestId = details.requestId;
    this.retryAfterMs = details.retryAfterMs;
    this.partial = details.partial;
    this.attempts = details.attempts ?? 0;
    this.body = details.body;
    this.unreachable = details.unreachable ?? false;
    this.tooLate = details.tooLate ?? false;
    this.exceeded = details.exceeded;
    this.quota = details.quota;
  }

  /** The same failure with more known about it; the stack still points at where it was classified. */
  with({ code = this.code, note, ...details }: CallErrorDetails & CallErrorChange): CallError {
    const changed = new CallError(code, note === undefined ? this.message : `${this.message} (${note})`, {
      ...this.#details,
      ...details,
    });
    if (this.stack !== undefined) changed.stack = this.stack;
    return changed;
  }
}

/** The failure a cancelled call ends with: the signal's own reason when that is a `CallError`. */
export const cancellation = (reason: unknown): CallError => {
  if (reason instanceof CallError) return reason;
  const detail = reason instanceof Error && reason.name !== "AbortError" ? `: ${reason.message}` : "";
  return new CallError("cancelled", `The call was cancelled${detail}`, { cause: reason });
};
