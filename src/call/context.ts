import type { Clock } from "../time/clock.ts";
import type { CallError } from "./call-error.ts";
import type { CallEvent } from "./call-event.ts";
import type { QuotaReading } from "./limiter.ts";
import type { StreamEvent } from "./stream-event.ts";

/** Everything about a call that is not data. Layers pass it on, changed or not. */
export interface Context {
  readonly signal: AbortSignal;
  /** Aborts `signal`: for a layer that ends the call as a whole. */
  readonly cancel: (reason: CallError) => void;
  readonly clock: Clock;
  /** Whether it is one of many calls whose results are collected: such a call can wait for the others. @default false */
  readonly ofMany?: boolean;
  /** Whether another deployment or model could answer instead: then nobody waits for this one while it fails. @default false */
  readonly elsewhere?: boolean;
  /** Whether an answer that was kept from earlier will not do. @default false */
  readonly fresh?: boolean;
  /** Which attempt this is, from 1. */
  readonly attempt: number;
  /** The call's place in line: smaller is older. A retry keeps its call's place. */
  readonly sequence: number;
  readonly observe: (event: CallEvent) => void;
  /** This call's own timeouts, where they differ from the client's. */
  readonly timeouts?: Partial<Timeouts> | undefined;
  /** Where and how the caller's own client sends it, instead of the provider's address and our headers. */
  readonly address?: RequestAddress | undefined;
  /** Told the head of each response. */
  readonly onHead?: ((status: number, headers: Readonly<Record<string, string>>) => void) | undefined;
  /** Receives the events of a stream as they arrive. A returned promise is awaited, so a slow reader slows the stream. */
  readonly onEvent?: ((event: StreamEvent) => void | Promise<void>) | undefined;
  /** Told that the provider is alive, at each step; the attempt's clocks listen. */
  readonly onProgress?: (progress: Progress) => void;
  /** Told what the provider's headers say about its quotas. */
  readonly onReading?: (reading: QuotaReading) => void;
  /** Told every now and then how many output tokens this attempt has produced so far. */
  readonly onOutput?: (outputTokens: number) => void;
  /** Clock time at which the call fails for good; no attempt is begun that could not start before it. @default Infinity */
  readonly deadlineAt?: number;
  /** Whether the call is among the last of many: nothing waits to start behind it. */
  readonly isLast?: () => boolean;
}

/** The address and headers of a request, its key among them: never to be written down. */
export interface RequestAddress {
  readonly origin: string;
  /** Path and query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** What of it must be shown nowhere. */
  readonly secret?: string;
}

/** The response began; bytes of a plain body came; content of a stream came. Keep-alive comments are none of these. */
export type Progress = "head" | "body" | "content";

/** How long the phases of a call may take, in milliseconds. */
export interface Timeouts {
  /** The call with all its waiting; Infinity for none. */
  readonly totalMs: number;
  readonly attemptMs: number;
  readonly firstContentMs: number;
  readonly idleMs: number;
}
