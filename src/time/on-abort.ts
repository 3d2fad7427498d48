import { Registry } from "./registry.ts";

/** Who is told when a signal aborts: one listener per signal, however many calls run under it, one after the other or together. */
const followers = new WeakMap<AbortSignal, Registry<() => void>>();

/**
 * Calls `callback` when the signal aborts, until the returned function is called. A signal that has aborted already
 * calls nobody: look at `aborted` first.
 *
 * Use it instead of `addEventListener` on a signal that many share: there, taking one of many listeners away costs a
 * walk over all of them, more than ten print a warning, and each that comes and goes keeps what it knows in memory
 * until the next full collection. The one listener stays until the signal is gone.
 */
export const onAbort = (signal: AbortSignal, callback: () => void): (() => void) => {
  const callbacks = followers.get(signal) ?? followed(signal);
  let slot: number | undefined = callbacks.add(callback);
  return () => {
    if (slot !== undefined) callbacks.remove(slot);
    slot = undefined;
  };
};

/** How many follow a signal through `onAbort`; undefined when nobody ever did. */
export const followerCount = (signal: AbortSignal): number | undefined => followers.get(signal)?.size;

const followed = (signal: AbortSignal): Registry<() => void> => {
  const callbacks = new Registry<() => void>();
  const tell = (): void => {
    for (const callback of callbacks) callback();
  };
  followers.set(signal, callbacks);
  signal.addEventListener("abort", tell, { once: true });
  return callbacks;
};
