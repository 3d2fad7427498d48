import type { CallErrorCode } from "../../call/call-error.ts";
import type { RunEvent } from "../../run/run-event.ts";
import type { RunSummary } from "../../run/run-summary.ts";
import type { SentCounts } from "./sent-counts.ts";
import type { Snapshot } from "./snapshot.ts";

/** One way to show a run. */
export interface View {
  /** How often it wants a snapshot. */
  readonly everyMs: number;
  show(snapshot: Snapshot): void;
  event?(event: RunEvent, snapshot: () => Snapshot): void;
  /** Calls are sent again, for a reason that is new; where this is absent, a message says so. */
  retrying?(news: RetryNews, snapshot: () => Snapshot): void;
  /** Something to tell besides the progress. */
  message(text: string): void;
  /** Writes results to stdout so that they do not mix with the display. */
  aside(write: () => void): void;
  /** The run is over: what was drawn disappears, and the terminal is as it was. */
  close(): void;
  /** After the summary: the last word to whoever reads events; settles when it is written. */
  done?(summary: RunSummary, exitCode: number, sent: SentCounts): Promise<void>;
}

/** Why calls are sent again. */
export interface RetryNews {
  readonly code: CallErrorCode;
  /** The message of the first failure of the kind, on one line. */
  readonly message: string;
}
