import type { CallErrorCode } from "../../call/call-error.ts";
import type { CallEvent } from "../../call/call-event.ts";
import { printLine, span } from "../display/line.ts";
import { printableLine } from "../display/printable.ts";
import type { Style } from "../display/style.ts";
import type { RetryNews } from "../display/view.ts";

/** Turns the events of calls into news: the first retry for each kind of failure. */
export const retryNews = (): ((event: CallEvent) => RetryNews | undefined) => {
  const seen = new Set<CallErrorCode>();
  return (event) => {
    if (event.type !== "call-retry" || seen.has(event.code)) return undefined;
    seen.add(event.code);
    return { code: event.code, message: printableLine(event.message) };
  };
};

/** The news for people, no wider than a line. */
export const retryLine = ({ message }: RetryNews, style: Style): string =>
  printLine([span(`retrying  ${message}`)], style);
