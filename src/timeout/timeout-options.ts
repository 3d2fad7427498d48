import type { Duration } from "../time/duration.ts";

/** Each phase of a call has its own clock. */
export interface TimeoutOptions {
  /** One attempt, whole. @default '10m' */
  readonly attempt?: Duration;
  /** From the start of an attempt to the first content of its stream. @default '2m' */
  readonly firstContent?: Duration;
  /** Silence between contents of a stream, or within a body. @default '1m' */
  readonly idle?: Duration;
  /** The call with all its waiting and retries. @default '30m'; none in file runs */
  readonly total?: Duration | "none";
}
