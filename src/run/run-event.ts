import type { CallError, CallErrorCode } from "../call/call-error.ts";
import type { OutputPaths } from "./paths.ts";
import type { ReachedBound } from "./stop/reached-bound.ts";

/** Something that happened in a run. */
export type RunEvent =
  | RunStart
  | { readonly type: "warning"; readonly message: string }
  | RunRow
  /** Nothing more is sent from here on. */
  | { readonly type: "stopping"; readonly reason: "error" | "drain" | "abort"; readonly error?: CallError }
  /** The same, because a bound is reached; `now` aborts what is in flight. */
  | {
      readonly type: "stopping";
      readonly reason: "bound";
      readonly bound: ReachedBound;
      readonly when: "soon" | "now";
      readonly error?: never;
    };

/** The input is good, the output is open, and the first call is about to be made. */
export interface RunStart {
  readonly type: "start";
  readonly rows: number;
  /** Rows that an earlier run answered. */
  readonly resumed: number;
  /** Rows whose recorded failure stands: they are not sent again. */
  readonly permanentlyFailed: number;
  /** Rows that this run sends. */
  readonly toSend: number;
  readonly skippedBlankLines: number;
  readonly format: string;
  readonly input: string;
  /** Absent when results go to stdout. */
  readonly paths?: OutputPaths;
}

/** The outcome of a row is in the output. */
export interface RunRow {
  readonly type: "row";
  readonly id: string;
  /** The row's place in the input, from 0. */
  readonly index: number;
  readonly ok: boolean;
  readonly code?: CallErrorCode;
  readonly message?: string;
}
