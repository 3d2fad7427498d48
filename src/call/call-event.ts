import type { CallErrorCode } from "./call-error.ts";
import type { ModelRef, Operation } from "./call.ts";
import type { Cost } from "./money.ts";
import type { Reuse, Usage } from "./reply.ts";

/** What a reply says of itself, beside the answer. */
export interface ReplyFacts {
  /** Which deployment answered. */
  readonly deployment: string;
  /** The model that answered, as the provider names it. */
  readonly model?: string;
  /** The provider's own name for the answer. */
  readonly id?: string;
  /** Why each answer ended, in the provider's words; empty when it did not say. */
  readonly finishReasons: readonly string[];
}

/** Something that happened to a call or to the pool. `at` is the clock's monotonic time in milliseconds. */
export type CallEvent =
  | {
      readonly type: "call-start";
      readonly at: number;
      readonly id: string;
      readonly model: ModelRef;
      readonly operation: Operation;
    }
  | {
      readonly type: "attempt-start";
      readonly at: number;
      readonly id: string;
      readonly attempt: number;
      readonly queuedMs: number;
      /** Where it goes, when the call could have gone elsewhere. */
      readonly deployment?: string;
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
      /** True when the request never left: no connection could be made. */
      readonly unreachable?: boolean;
      /** True when the failure is of a kind that is not tried again, here or elsewhere. */
      readonly final?: boolean;
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
      /** What it cost; absent where nobody knows. */
      readonly cost?: Cost;
      /** Whose answer it got, where that was not made for it: it used nothing then. */
      readonly reused?: Reuse;
      /** Absent when the call failed. */
      readonly reply?: ReplyFacts;
      readonly totalMs: number;
      /** How long the last attempt took; absent when none was made. */
      readonly attemptMs?: number;
    };
