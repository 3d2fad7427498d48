import type { RunEvent } from "../../run/run-event.ts";
import type { RunSummary } from "../../run/run-summary.ts";
import { boundOf } from "./bound-of.ts";
import { runState } from "./run-state.ts";
import type { SentCounts } from "./sent-counts.ts";
import type { Snapshot } from "./snapshot.ts";
import type { View } from "./view.ts";

/** Where events and messages go. */
export interface JsonViewOptions {
  /** Receives one JSON object a line and nothing else. */
  readonly writeEvent: (line: string) => void;
  readonly writeMessage: (text: string) => void;
  /** Settles when the events so far are written. */
  readonly flush: () => Promise<void>;
  readonly pid: number;
}

const progressEveryMs = 5000;

/** Events for programs. */
export const jsonView = ({ writeEvent, writeMessage, flush, pid }: JsonViewOptions): View => {
  let lastAt = 0;
  let lastState: string = "reading";
  const emit = (type: string, fields: object): void => writeEvent(`${JSON.stringify({ type, ...fields })}\n`);
  const emitState = (snapshot: Snapshot, more: object = {}): void => {
    lastState = runState(snapshot);
    emit("state", { ...stateFields(snapshot), ...more });
  };
  const follow = (snapshot: Snapshot): void => {
    if (runState(snapshot) !== lastState) emitState(snapshot);
  };
  return {
    everyMs: 250,
    show: (snapshot) => {
      if (lastState === "reading" && runState(snapshot) === "reading") return;
      follow(snapshot);
      if (snapshot.elapsedMs - lastAt < progressEveryMs) return;
      lastAt = snapshot.elapsedMs;
      emit("progress", progressFields(snapshot));
    },
    event: (event, snapshot) => {
      if (event.type === "start") emit("start", { pid, ...startFields(event, snapshot()) });
      if (event.type === "row" && !event.ok) emit("row_failed", failureFields(event));
      if (event.type === "stopping") follow(snapshot());
    },
    retrying: ({ code, message }, snapshot) => emitState(snapshot(), { retry_code: code, message }),
    message: (text) => writeMessage(`${text}\n`),
    aside: (write) => write(),
    close: () => {},
    done: async (summary, exitCode, sent) => {
      emit("done", doneFields(summary, exitCode, sent));
      await flush();
    },
  };
};

const startFields = (event: Extract<RunEvent, { type: "start" }>, { model }: Snapshot): object => ({
  model,
  input: event.input,
  output: event.paths?.output,
  errors: event.paths?.errors,
  format: event.format,
  rows: event.rows,
  resumed: event.resumed,
  permanently_failed: event.permanentlyFailed,
  to_send: event.toSend,
});

const stateFields = (snapshot: Snapshot): object => ({
  state: runState(snapshot),
  in_flight: snapshot.inFlight,
  held_ms: Math.round(snapshot.heldMs),
});

const progressFields = (snapshot: Snapshot): object => ({
  elapsed_ms: Math.round(snapshot.elapsedMs),
  rows: snapshot.rows,
  succeeded: snapshot.succeeded,
  failed: snapshot.failed,
  resumed: snapshot.resumed,
  in_flight: snapshot.inFlight,
  queued: snapshot.queued,
  requests_per_minute: Math.round(snapshot.requestsPerMinute),
  tokens_per_minute: Math.round(snapshot.tokensPerMinute),
  latency_ms: snapshot.latency,
  retries: snapshot.retries,
  throttled: snapshot.throttled,
  tokens: tokenFields(snapshot.usage),
  bound_by: boundOf(snapshot),
  held_ms: Math.round(snapshot.heldMs),
  failing_ms: snapshot.failingMs === undefined ? undefined : Math.round(snapshot.failingMs),
  eta_ms: snapshot.etaMs === undefined ? undefined : Math.round(snapshot.etaMs),
});

const failureFields = ({ id, index, code, message }: Extract<RunEvent, { type: "row" }>): object => ({
  custom_id: id,
  index,
  code,
  message,
});

const doneFields = (summary: RunSummary, exitCode: number, { calls, attempts, retries }: SentCounts): object => ({
  outcome: summary.outcome,
  exit_code: exitCode,
  bound: summary.bound,
  rows: summary.rows,
  succeeded: summary.succeeded,
  failed: summary.failed,
  resumed: summary.resumed,
  remaining: summary.remaining,
  calls,
  attempts,
  retries,
  possibly_paid_twice: summary.possiblyPaidTwice,
  possibly_paid_at_most: summary.possiblyPaidAtMost,
  possibly_paid_unpriced: summary.possiblyPaidUnpriced,
  elapsed_ms: Math.round(summary.elapsedMs),
  lower_bound_ms: summary.lowerBoundMs === undefined ? undefined : Math.round(summary.lowerBoundMs),
  achieved_share: summary.achievedShare === undefined ? undefined : Math.floor(summary.achievedShare * 1e4) / 1e4,
  bound_by: summary.boundBy,
  tokens: tokenFields(summary.usage),
  costs: summary.costs,
  unpriced_calls: summary.unpricedCalls,
  errors: summary.errors.map(({ code, status, count, retryable }) => ({ code, status, count, retryable })),
  output: summary.output,
  errors_file: summary.errorsFile,
});

const tokenFields = (usage: Snapshot["usage"]): object => ({
  input: usage.inputTokens,
  output: usage.outputTokens,
  cached: usage.cachedTokens,
  reasoning: usage.reasoningTokens,
});
