import { knownLimit, type Snapshot } from "./snapshot.ts";

/** What keeps the run from going faster: what the oldest waiting call waits for, or `retries`. */
export const boundOf = (snapshot: Snapshot): string | undefined =>
  snapshot.boundBy ?? (isRetrying(snapshot) ? "retries" : undefined);

/** Rows are left, there is room, and nothing waits for it: what is missing is in its backoff. */
const isRetrying = (snapshot: Snapshot): boolean => {
  const room = knownLimit(snapshot, "maxConcurrent")?.value ?? 1;
  return snapshot.retries > 0 && snapshot.queued > 0 && snapshot.inFlight < room;
};
