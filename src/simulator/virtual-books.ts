import type { QuotaUnit } from "./account.ts";
import type { Refusal } from "./admission.ts";

/** What a provider on a clock has seen. Times are milliseconds after its start. */
export interface VirtualBooks {
  /** Calls that arrived. */
  readonly attempts: number;
  readonly granted: number;
  /** By quota or cap; these are the 429s. */
  readonly refused: Readonly<Record<Refusal["reason"], number>>;
  /** All the 429s together. */
  readonly throttled: number;
  /** Calls turned away with a 503. */
  readonly unavailable: number;
  /** Admitted calls that were answered to the end. */
  readonly completed: number;
  /** Admitted calls that ended with a 500. */
  readonly failed: number;
  /** Admitted calls that the client gave up. */
  readonly aborted: number;
  readonly inFlight: number;
  readonly peakInFlight: number;
  /** Input and output tokens of the completed calls. */
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Calls admitted in each second. */
  readonly grantedPerSecond: Float64Array;
  /** Calls refused with a 429 in each second. */
  readonly throttledPerSecond: Float64Array;
  /** Tokens produced for or sent by the client in each second: the input when admitted, the output when answered. */
  readonly tokensPerSecond: Float64Array;
  /** One for each quota that the account has. */
  readonly quotas: readonly QuotaBooks[];
  /** What the client was given of each quota in an interval of whole seconds. */
  taken(fromMs: number, toMs: number): UnitAmounts;
  /** What other clients were given of each quota in an interval of whole seconds. */
  foreign(fromMs: number, toMs: number): UnitAmounts;
  /**
   * What all clients together could have had of each quota in an interval of whole seconds, had they asked for
   * everything at once and all the time, from the state at its beginning.
   */
  grantable(fromMs: number, toMs: number): UnitAmounts;
  /** For each quota what all clients had of what they could have had. */
  share(fromMs: number, toMs: number): UnitAmounts;
}

/** An amount for each quota that the account has. */
export type UnitAmounts = Readonly<Partial<Record<QuotaUnit, number>>>;

/** One quota's history. */
export interface QuotaBooks {
  readonly unit: QuotaUnit;
  /** What a minute allows. */
  readonly limit: number;
  /** The period that `worst` was taken over: the quota's window, a minute for a bucket. */
  readonly periodMs: number;
  /** What the client was given, in all. */
  readonly taken: number;
  /** What other clients were given, in all. */
  readonly foreign: number;
  /** The most the client was given in any rolling period. */
  readonly worst: number;
  /** What the client was given in each second. */
  readonly perSecond: Float64Array;
}
