import type { Call } from "../call/call.ts";
import { CallError, type CallErrorCode, type CallErrorDetails } from "../call/call-error.ts";
import type { Context } from "../call/context.ts";
import type { Redactor } from "./redact.ts";
import type { Vendor } from "./vendor.ts";

/** What the failure of a request is told with. */
export interface FailureFacts {
  readonly call: Pick<Call, "model">;
  readonly context: Pick<Context, "attempt" | "clock">;
  readonly vendor: Vendor;
  readonly origin: string;
  readonly redactor: Redactor;
}

/** What is known of an attempt before it is sent. */
export interface AttemptFacts extends FailureFacts {
  readonly call: Call;
  readonly context: Context;
  /** What the reply calls the place that answered. */
  readonly deployment: string;
}

/** The failure of an attempt; nothing in it shows the key. */
export const attemptError = (
  facts: FailureFacts,
  code: CallErrorCode,
  message: string,
  details: CallErrorDetails = {},
): CallError =>
  new CallError(code, facts.redactor.text(message), {
    provider: facts.vendor.name,
    model: facts.call.model.name,
    attempts: facts.context.attempt,
    ...withoutBytes(details),
    ...(details.body !== undefined && { body: facts.redactor.value(details.body) }),
    ...(details.requestId !== undefined && { requestId: facts.redactor.text(details.requestId) }),
  });

/** A parser error of undici holds the bytes it stumbled over; they are nobody's business in a log. */
const withoutBytes = ({ cause, ...details }: CallErrorDetails): CallErrorDetails =>
  cause === undefined || (cause instanceof Error && "data" in cause) ? details : { ...details, cause };
