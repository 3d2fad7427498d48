import { Registry } from "./registry.ts";

/** Who is told when a signal aborts: one listener per signal, however many calls run under it. */
interface Followers {
  readonly callbacks: Registry<() => void>;
  readonly tell: () => void;
}

const followers = new WeakMap<AbortSignal, Followers>();

/**
 * Calls `callback` when the signal aborts, until the returned function is called. A signal that has aborted already
 * calls nobody: look at `aborted` first.
 *
 * Use it instead of `addEventListener` on a signal that many share: there, taking one of many listeners away costs a
 * walk over all of them, and more than ten print a warning.
 */
export const onAbort = (signal: AbortSignal, callback: () => void): (() => void) => {
  const { callbacks, tell } = followers.get(signal) ?? follow(signal);
  let slot: number | undefined = callbacks.add(callback);
  return () => {
    if (slot === undefined) return;
    callbacks.remove(slot);
    slot = undefined;
    if (callbacks.size > 0) return;
    signal.removeEventListener("abort", tell);
    followers.delete(signal);
  };
};

const follow = (signal: AbortSignal): Followers => {
  const callbacks = new Registry<() => void>();
  const tell = (): void => {
    for (const callback of callbacks) callback();
  };
  const entry = { callbacks, tell };
  followers.set(signal, entry);
  signal.addEventListener("abort", tell, { once: true });
  return entry;
};
