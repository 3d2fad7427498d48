import type { Operation } from "../call/call.ts";
import type { CallErrorCode } from "../call/call-error.ts";
import type { JsonObject } from "../call/json.ts";
import type { Money } from "../call/money.ts";
import type { Result } from "../call/result.ts";
import type { EstimateCall } from "../client/call-estimator.ts";
import type { ChatReply } from "../client/chat-reply.ts";
import type { ManyOptions, Requests } from "../client/llm.ts";
import type { LLMStats } from "../client/stats.ts";
import type { Clock } from "../time/clock.ts";
import type { Fs } from "./files/fs.ts";
import type { LockOwner } from "./files/lock-owner.ts";
import type { RetryErrors } from "./resume/retry-errors.ts";
import type { RetryOf, RunCommand } from "./resume/retry-of.ts";
import type { RunEstimate } from "./estimate/run-estimate.ts";
import type { SendOrder } from "./sending/send-order.ts";
import type { RunEvent } from "./run-event.ts";
import type { OutputFormat, ResultOrder } from "./output/output-format.ts";
import type { InputFormat } from "./source/format.ts";
import type { Encode } from "./source/source.ts";
import type { HaltRule } from "./stop/halt-rule.ts";
import type { Stdin } from "./files/spool.ts";

/** The part of a client that a run uses. */
export interface RunClient {
  asCompleted(requests: Requests, options?: ManyOptions): AsyncIterable<Result<ChatReply>>;
  stats(): LLMStats;
  /** Needed where a run is to keep what it may cost, or to be estimated; a client without it knows no prices. */
  estimates?(): Promise<EstimateCall>;
}

/** What to run, and how. */
export interface RunFileOptions {
  /** A path, a pattern such as `data/*.jsonl`, or several of them, read one after the other; `-` for `stdin`. */
  readonly input: string | readonly string[];
  /** How the input is written. @default 'auto': by its ending, else by its content */
  readonly inputFormat?: "auto" | InputFormat;
  /** How its letters are written, such as 'gbk'. @default 'auto': UTF-8, or GB18030 for a table that is not in UTF-8 */
  readonly encoding?: string;
  /** Whether rows that cannot be sent keep the run from beginning, or are recorded as failed. @default 'fail' */
  readonly inputErrors?: "fail" | "skip";
  /** A path, or `-` for `stdout`. @default `<input stem>.out.jsonl` beside the input; `-` for stdin */
  readonly output?: string;
  readonly llm: RunClient;
  /** The model of rows that name none; also what records show. @default the client's */
  readonly model?: string;
  /** What records show as the provider. */
  readonly provider?: string;
  /** The known provider whose formats and quirks apply. @default the provider */
  readonly dialect?: string;
  /** What records show of the key: never the key itself. */
  readonly keyMask?: string;
  /** A template that makes the prompt from a row's columns. */
  readonly prompt?: string;
  /** A template that makes the system message. */
  readonly system?: string;
  /** Fields of every request body; they win over the row's own. */
  readonly params?: JsonObject;
  /** The most tokens to generate for a row that sets no bound itself. @default the client's */
  readonly maxOutputTokens?: number;
  /** Take only the first rows. @default all */
  readonly limit?: number;
  /** The order of the results in the output when the run has ended; while it goes on they stand as they complete. @default 'input'; 'completion' on stdout */
  readonly order?: ResultOrder;
  /** What a row of the output looks like. @default 'flat' for `.csv` and `.parquet`, else 'openai' */
  readonly format?: OutputFormat;
  /** Begin a CSV output with a byte order mark, by which Excel knows UTF-8. @default false */
  readonly csvBom?: boolean;
  /** The most that the run may cost: no request leaves that could exceed it. @default none */
  readonly maxCost?: Money;
  /** Asked before the first call, with what the run will take; false ends it, and nothing is sent. @default nobody is asked */
  readonly confirm?: (estimate: RunEstimate) => boolean | Promise<boolean>;
  /** Send nothing more after this time. @default none */
  readonly maxDurationMs?: number;
  /** Stop when so many rows have failed. @default never */
  readonly halt?: HaltRule;
  /** Go on although the model, the prompt or the parameters are others than those of the rows that are done. @default false */
  readonly acceptConfigChange?: boolean;
  /** The order of sending. @default 'longest-first'; 'input' from stdin to stdout */
  readonly sendOrder?: SendOrder;
  /** Stream on the wire. @default false */
  readonly stream?: boolean;
  /** The column that holds the row's id. */
  readonly idColumn?: string;
  /** `model` replaces the one that a line names. @default false */
  readonly overrideModel?: boolean;
  /** Begin anew; what earlier runs wrote is kept under another name. @default false */
  readonly fresh?: boolean;
  /** @default 'retryable' */
  readonly retryErrors?: RetryErrors;
  /** Of the failed rows, send those again that failed with one of these codes, whatever `retryErrors` says. @default all that it says */
  readonly retryCodes?: readonly CallErrorCode[];
  /** Send only rows that failed before. @default every row that has no answer */
  readonly retryOf?: RetryOf;
  /** What started the run: kept in its folder for `sluice retry`. */
  readonly command?: RunCommand;
  /** Only the fields of OpenAI Batch output records: no `meta`. @default false */
  readonly strict?: boolean;
  /** Read when `input` is `-`. */
  readonly stdin?: Stdin;
  /** Written to when `output` is `-`. */
  readonly stdout?: RunStdout;
  /** Aborts what is in flight. */
  readonly signal?: AbortSignal;
  /** Sends nothing more and lets what is in flight finish. */
  readonly drain?: AbortSignal;
  readonly onEvent?: (event: RunEvent) => void;
  readonly clock?: Clock;
  /** @default this machine's */
  readonly fs?: Fs;
  /** How much room on the disk is kept for answers that come when it is full. @default 64 KiB a row to be sent, from 1 to 64 MiB */
  readonly ballastBytes?: number;
  /** Who holds the lock on the output. @default this process on this host */
  readonly owner?: LockOwner;
  /** How prompts and messages are asked. @default as the provider is usually asked */
  readonly operation?: Operation;
  /** Makes a request body from a prompt. @default the provider's format */
  readonly encode?: Encode;
}

/** What of a run's options says what its rows are; it takes no client to read them. */
export type InputOptions = Omit<RunFileOptions, "llm">;

/** The part of a writable stream that a run uses; `process.stdout` is one. */
export interface RunStdout {
  write(text: string, done: (error?: Error | null) => void): unknown;
  /** Without a listener, a reader that leaves would end the process. */
  on?(event: "error", listener: (error: Error) => void): unknown;
}
