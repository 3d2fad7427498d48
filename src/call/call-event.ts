import type { CallErrorCode } from "./call-error.ts";
import type { ModelRef } from "./call.ts";
import type { Usage } from "./reply.ts";

/** Something that happened to a call or to the pool. `at` is the clock's monotonic time in milliseconds. */
export type CallEvent =
  | { readonly type: "call-start"; readonly at: number; readonly id: string; readonly model: ModelRef }
  | {
      readonly type: "attempt-start";
      readonly at: number;
      readonly id: string;
      readonly attempt: number;
      readonly queuedMs: number;
    }
  | {
      readonly type: "first-content";
      readonly at: number;
      readonly id: string;
      readonly attempt: number;
      /** Since the attempt began. */
      readonly afterMs: number;
    }
  | {
      readonly type: "attempt-end";
      readonly at: number;
      readonly id: string;
      readonly attempt: number;
      readonly code?: CallErrorCode;
      readonly status?: number;
      readonly elapsedMs: number;
    }
  | {
      readonly type: "call-retry";
      readonly at: number;
      readonly id: string;
      readonly attempt: number;
      readonly code: CallErrorCode;
      readonly message: string;
      readonly status?: number;
      readonly waitMs: number;
    }
  | {
      readonly type: "call-end";
      readonly at: number;
      readonly id: string;
      readonly code?: CallErrorCode;
      readonly usage?: Usage;
      readonly totalMs: number;
      /** How long the last attempt took; absent when none was made. */
      readonly attemptMs?: number;
    };
