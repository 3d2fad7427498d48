import { addUsage } from "../call/add-usage.ts";
import { type CostSnapshot, CostTotals } from "../observe/cost-totals.ts";
import type { CallError } from "../call/call-error.ts";
import { isJsonObject } from "../call/json.ts";
import type { Usage } from "../call/reply.ts";
import type { Failure, Result, Success } from "../call/result.ts";
import type { ChatReply } from "../client/chat-reply.ts";
import { failureRecord, inlineFailureRecord } from "./records/failure-record.ts";
import type { CallBook } from "./journal/call-book.ts";
import type { RecordContext } from "./records/record-meta.ts";
import type { RecordLog } from "./files/record-log.ts";
import type { Progress } from "./resume/resume.ts";
import type { RunEvent } from "./run-event.ts";
import type { FinishCounts } from "./run-summary.ts";
import type { Row } from "./source/row.ts";
import { stopRule } from "./stop/stop-rule.ts";
import { successRecord } from "./records/success-record.ts";

/** Where outcomes go. */
export interface OutcomesOptions {
  readonly progress: Progress;
  readonly output: RecordLog;
  /** The log of the errors file; absent when failures go to the output too. */
  readonly errors?: RecordLog;
  readonly book: CallBook;
  readonly context: RecordContext;
  readonly emit: (event: RunEvent) => void;
  /** Called once, with the failure that makes going on pointless. */
  readonly onStop: (error: CallError) => void;
  /** Told of each recorded failure. */
  readonly onFailure?: (row: Row, error: CallError) => void;
}

/** Brings the outcome of each row to where it belongs, and counts. A row counts when its record is with the system. */
export class Outcomes {
  readonly #options: OutcomesOptions;
  readonly #costs = new CostTotals();
  #usage: Usage = { inputTokens: 0, outputTokens: 0, cachedTokens: 0, reasoningTokens: 0 };
  readonly #finishes = { length: 0, contentFilter: 0, refusal: 0 };
  #anySucceeded = false;
  #failed = 0;
  #undone = 0;
  #stop: CallError | undefined;

  constructor(options: OutcomesOptions) {
    this.#options = options;
  }

  get costs(): CostSnapshot {
    return this.#costs.snapshot();
  }

  get usage(): Usage {
    return this.#usage;
  }

  get finishes(): FinishCounts {
    return { ...this.#finishes };
  }

  /** Rows that were taken up and ended without an outcome to record. */
  get undone(): number {
    return this.#undone;
  }

  get stop(): CallError | undefined {
    return this.#stop;
  }

  settle(row: Row, result: Result<ChatReply>): void {
    if (result.ok) this.#succeed(row, result);
    else this.#fail(row, result);
  }

  /** Resolves when there is room for more outcomes; `undefined` when there is already. */
  ready(): Promise<void> | undefined {
    return this.#options.output.ready() ?? this.#options.errors?.ready();
  }

  #succeed(row: Row, result: Success<ChatReply>): void {
    const { output, book, context, progress, emit } = this.#options;
    this.#anySucceeded = true;
    this.#count(result.value);
    const { id, index } = row;
    output.append(successRecord(row, result, context, book.lostAttempts(row, true)), (place) => {
      book.answered(row, place);
      progress.done.add(index);
      progress.failed.delete(index);
      emit({ type: "row", id, index, ok: true });
    });
  }

  #fail(row: Row, result: Failure): void {
    const { error } = result;
    const verdict = stopRule(error, { anySucceeded: this.#anySucceeded, failed: this.#failed });
    if (verdict === "record") return this.#record(row, result);
    this.#undone += 1;
    this.#options.book.failed(row);
    if (verdict === "undone" || this.#stop !== undefined) return;
    this.#stop = error;
    this.#options.onStop(error);
  }

  #record(row: Row, result: Failure): void {
    const { output, errors, book, context, progress, emit, onFailure } = this.#options;
    const { id, index } = row;
    const { error } = result;
    this.#failed += 1;
    const record = errors === undefined ? inlineFailureRecord : failureRecord;
    const line = record(row, result, context, book.lostAttempts(row, false));
    book.failed(row);
    (errors ?? output).append(line, () => {
      progress.failed.add(index);
      onFailure?.(row, error);
      emit({ type: "row", id, index, ok: false, code: error.code, message: error.message });
    });
  }

  #count({ usage, cost, reused, finishReason, body }: ChatReply): void {
    if (reused === undefined) this.#costs.add(cost);
    if (usage !== undefined && reused === undefined) this.#usage = addUsage(this.#usage, usage);
    if (finishReason === "length") this.#finishes.length += 1;
    if (finishReason === "content_filter") this.#finishes.contentFilter += 1;
    if (isRefusal(body)) this.#finishes.refusal += 1;
  }
}

const isRefusal = (body: ChatReply["body"]): boolean => {
  const choices = body["choices"];
  const choice: unknown = Array.isArray(choices) ? choices[0] : undefined;
  const message = isJsonObject(choice) ? choice["message"] : undefined;
  return isJsonObject(message) && typeof message["refusal"] === "string" && message["refusal"] !== "";
};
