import type { LimitStats } from "../../limit/limit-stats.ts";

/** The words of the display and the summary in one language. */
export interface Words {
  readonly label: Readonly<
    Record<"rows" | "rate" | "latency" | "tokens" | "cost" | "speed" | "bound" | "calls" | "next", string>
  >;
  readonly ok: (rows: string) => string;
  readonly failed: (rows: string) => string;
  readonly inFlight: (calls: string) => string;
  readonly queued: (rows: string) => string;
  readonly resumed: (rows: string) => string;
  readonly requestsPerMinute: (count: string) => string;
  readonly tokensPerMinute: (count: string) => string;
  readonly shareOf: (percent: number, limit: string) => string;
  readonly firstContent: string;
  readonly retried: (count: string) => string;
  readonly throttled: (count: string, ago: string | undefined) => string;
  readonly tokensIn: (count: string) => string;
  readonly tokensOut: (count: string) => string;
  readonly tokensCached: (count: string) => string;
  readonly tokensPerRow: (count: string) => string;
  /** Instead of an amount, when no call has a known price. */
  readonly costUnknown: string;
  /** Calls that are in no sum. */
  readonly unpricedCalls: (calls: string) => string;
  readonly eta: (duration: string) => string;
  readonly reading: string;
  /** The names of limits; of what is not among them, its own name is shown. */
  readonly limitNames: Readonly<Record<string, string>>;
  readonly bound: BoundWords;
  readonly summary: SummaryWords;
  readonly estimate: EstimateWords;
  /** The columns of the configuration. */
  readonly config: Readonly<Record<"key" | "value" | "origin", string>>;
  /** The letters after hours, minutes and seconds, and what stands between them. */
  readonly units: {
    readonly h: string;
    readonly m: string;
    /** Minutes that nothing follows. */
    readonly minutes: string;
    readonly s: string;
    readonly ms: string;
    readonly gap: string;
  };
  /** From the largest: a number from which a unit is used, and its letter. */
  readonly magnitudes: readonly (readonly [from: number, letter: string])[];
}

/** What keeps a run from going faster. */
interface BoundWords {
  readonly by: (limit: string, detail: string) => string;
  /** What is said of a limit in brackets, after its name. */
  readonly detail: (parts: readonly string[]) => string;
  readonly concurrency: (count: string, detail: string) => string;
  /** Of concurrency that nobody configured. */
  readonly auto: string;
  /** What bounds a run that no limit slowed down. */
  readonly slowest: string;
  readonly held: (duration: string) => string;
  /** A quota is used up, and looked at again after so long. */
  readonly usedUp: (duration: string) => string;
  /** The provider is left alone for so long because it fails, or is being tried again. */
  readonly failing: (duration: string | undefined) => string;
  readonly paused: string;
  /** Where the value of a limit comes from. */
  readonly sources: Readonly<Record<LimitStats["source"], string>>;
  readonly draining: (calls: string) => string;
  readonly aborting: (calls: string) => string;
  readonly retrying: string;
  readonly nothing: string;
}

/** The words of the end summary. */
interface SummaryWords {
  readonly finished: (name: string, duration: string) => string;
  readonly nothingToDo: (name: string) => string;
  readonly empty: (name: string) => string;
  readonly stoppedEarly: (name: string, rows: string, of: string) => string;
  readonly drained: (name: string, duration: string, rows: string) => string;
  /** A bound of the user's was reached. */
  readonly bounded: (name: string, flag: string, duration: string, rows: string) => string;
  readonly costReached: (next: string, spent: string, most: string) => string;
  readonly haltReached: (failed: string, finished: string) => string;
  /** Stopped before there was anything to send. */
  readonly stoppedAtInput: (name: string) => string;
  readonly readerLeft: (name: string) => string;
  readonly fromEarlierRun: (rows: string) => string;
  readonly left: (rows: string) => string;
  readonly perThousandRows: (cost: string) => string;
  readonly average: (rate: string) => string;
  readonly shareOfLimit: (percent: number, rate: string, source: LimitStats["source"]) => string;
  readonly atLeast: (duration: string) => string;
  readonly achieved: (percent: number) => string;
  readonly rowsFailed: (rows: string) => string;
  readonly retryable: string;
  readonly notRetryable: string;
  readonly cutShort: (rows: string) => string;
  readonly declined: (rows: string) => string;
  readonly key: (mask: string, source: string) => string;
  readonly rowsInFile: (rows: string) => string;
  readonly attempts: (count: string) => string;
  readonly retries: (count: string) => string;
  /** Calls of an earlier run that were sent again; `atMost` is absent where nobody can say. */
  readonly possiblyPaid: (calls: string, atMost: string | undefined) => string;
  readonly seeFailed: string;
  readonly sendAgain: (rows: string) => string;
  readonly goOn: (rows: string) => string;
  readonly goOnWithMore: (rows: string) => string;
  readonly goOnWhenFixed: (rows: string) => string;
  /** Nothing succeeded, and the same command sends the failed rows only when it is told to. */
  readonly sendFailed: (rows: string) => string;
}

/** The words of what a run will take. */
interface EstimateWords {
  readonly label: Readonly<Record<"rows" | "input" | "output" | "cost" | "time", string>>;
  readonly rows: (rows: string) => string;
  readonly done: (rows: string) => string;
  readonly left: (rows: string) => string;
  readonly toSend: (rows: string) => string;
  readonly tokens: (tokens: string) => string;
  readonly about: (duration: string) => string;
  /** In brackets, after the time. */
  readonly boundBy: (limit: string) => string;
  readonly priceUnknown: string;
  readonly unpricedRows: (rows: string) => string;
  /** Why there is no price, by the name of the reason. */
  readonly unpriced: Readonly<Record<string, string>>;
  readonly atMost: (cost: string) => string;
  readonly noMost: (reason: string) => string;
  readonly spentBefore: (cost: string) => string;
  readonly assumed: (tokens: string) => string;
  readonly bounded: string;
  readonly learned: (answers: string) => string;
  readonly nothingToSend: string;
  readonly question: string;
  readonly answers: (rows: string) => string;
}
