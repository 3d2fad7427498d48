/** One submitted call. Await it for the reply; it rejects with `CallError`. */
export interface Job<T> extends PromiseLike<T> {
  readonly id: string;
  readonly status: JobStatus;
  /** Ends the call with code `cancelled`; does nothing once it has ended. */
  cancel(): void;
}

/** `queued` also covers a call that waits to be tried again. */
export type JobStatus = "queued" | "running" | "succeeded" | "failed" | "cancelled";
