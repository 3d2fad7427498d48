import type { Operation } from "../call/call.ts";
import { clipText } from "./clip-text.ts";
import type { Asked } from "./dialect.ts";
import type { FaultKind } from "./fault-kind.ts";

/** The simulated provider's books: what came in, and what was paid for. */
export interface Ledger {
  readonly received: number;
  /** Answers that were generated to the end: these are paid for, whether they arrived or not. */
  readonly completed: number;
  /** Calls that were refused by a quota or by the concurrency cap. */
  readonly refused: number;
  /** Calls whose client left before the end. */
  readonly abandoned: number;
  readonly inFlight: number;
  readonly peakInFlight: number;
  /** Tokens of the completed calls. */
  readonly promptTokens: number;
  readonly completionTokens: number;
  /** Requests to paths that do not exist, such as the end of a redirect. */
  readonly unknownPaths: number;
  readonly statuses: Readonly<Record<string, number>>;
  readonly faults: Readonly<Partial<Record<FaultKind, number>>>;
  /** Oldest first, up to `maxLedgerEntries`; those of calls in flight still change. */
  readonly entries: readonly LedgerEntry[];
}

/** One call, as the provider saw it. */
export interface LedgerEntry {
  /** From 1, in the order of arrival. */
  readonly arrival: number;
  /** Milliseconds after the start of the simulator. */
  readonly atMs: number;
  readonly operation: Operation;
  /** The messages' SHA-1, 12 hexadecimal digits; empty when there were none to read. */
  readonly digest: string;
  /** The first 60 characters of the last user message. */
  readonly prompt: string;
  readonly model: string;
  readonly streamed: boolean;
  /** What `x-stainless-retry-count` said. */
  readonly retryCount?: number;
  /** 0 while nothing was sent. */
  readonly status: number;
  readonly fault?: FaultKind;
  readonly promptTokens: number;
  /** Generated so far, whole answer or not. */
  readonly completionTokens: number;
  readonly completed: boolean;
  readonly abandoned: boolean;
}

/** An entry while its call is being answered. */
export type OpenEntry = { -readonly [Key in keyof LedgerEntry]: LedgerEntry[Key] };

const previewLength = 60;

/** Keeps the books. */
export class LedgerKeeper {
  readonly #maxEntries: number;
  readonly #entries: OpenEntry[] = [];
  readonly #statuses: Record<string, number> = {};
  readonly #faults: Partial<Record<FaultKind, number>> = {};
  readonly #counts = {
    received: 0,
    completed: 0,
    refused: 0,
    abandoned: 0,
    inFlight: 0,
    peakInFlight: 0,
    promptTokens: 0,
    completionTokens: 0,
    unknownPaths: 0,
  };

  constructor(maxEntries: number) {
    this.#maxEntries = maxEntries;
  }

  get inFlight(): number {
    return this.#counts.inFlight;
  }

  /** The number of the call that comes next. */
  get nextArrival(): number {
    return this.#counts.received + 1;
  }

  receive(atMs: number, operation: Operation, request: Asked | undefined, retryCount: number | undefined): OpenEntry {
    const entry: OpenEntry = {
      arrival: ++this.#counts.received,
      atMs,
      operation,
      digest: request?.digest ?? "",
      prompt: clipText(request?.prompt ?? "", previewLength),
      model: request?.model ?? "",
      streamed: request?.streamed ?? false,
      ...(retryCount === undefined ? undefined : { retryCount }),
      status: 0,
      promptTokens: request?.promptTokens ?? 0,
      completionTokens: 0,
      completed: false,
      abandoned: false,
    };
    if (this.#entries.length < this.#maxEntries) this.#entries.push(entry);
    return entry;
  }

  refuse(): void {
    this.#counts.refused++;
  }

  strayed(): void {
    this.#counts.unknownPaths++;
  }

  fault(entry: OpenEntry, fault: FaultKind): void {
    entry.fault = fault;
    this.#faults[fault] = (this.#faults[fault] ?? 0) + 1;
  }

  status(entry: OpenEntry, status: number): void {
    entry.status = status;
    this.#statuses[status] = (this.#statuses[status] ?? 0) + 1;
  }

  begin(): void {
    const counts = this.#counts;
    counts.inFlight++;
    counts.peakInFlight = Math.max(counts.peakInFlight, counts.inFlight);
  }

  complete(entry: OpenEntry): void {
    entry.completed = true;
    this.#counts.completed++;
    this.#counts.promptTokens += entry.promptTokens;
    this.#counts.completionTokens += entry.completionTokens;
  }

  end(): void {
    this.#counts.inFlight--;
  }

  abandon(entry: OpenEntry): void {
    entry.abandoned = true;
    this.#counts.abandoned++;
  }

  snapshot(): Ledger {
    return {
      ...this.#counts,
      statuses: { ...this.#statuses },
      faults: { ...this.#faults },
      entries: this.#entries.slice(),
    };
  }
}
