import type { CallErrorCode } from "../../call/call-error.ts";
import type { CallEvent } from "../../call/call-event.ts";
import type { RetryNews } from "../display/view.ts";
import { printableLine } from "../display/printable.ts";

/** Turns the events of calls into news: the first retry for each kind of failure. */
export const retryNews = (): ((event: CallEvent) => RetryNews | undefined) => {
  const seen = new Set<CallErrorCode>();
  return (event) => {
    if (event.type !== "call-retry" || seen.has(event.code)) return undefined;
    seen.add(event.code);
    return { code: event.code, message: printableLine(event.message) };
  };
};
