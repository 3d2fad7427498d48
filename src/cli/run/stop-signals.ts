import type { Clock } from "../../time/clock.ts";
import type { Host, StopSignal } from "../host.ts";

/** The signals that ask a run to stop: first to finish what is in flight, then to abort it, then to go at once. */
export interface StopSignals {
  readonly drain: AbortSignal;
  readonly abort: AbortSignal;
  /** The first signal that came. */
  readonly received: StopSignal | undefined;
  /** Asks for the end as the first signal would. */
  stop(): void;
  release(): void;
}

/** One key press can arrive twice within moments: from the terminal, and passed on by npx. */
const togetherMs = 100;

/** @param atOnce runs right before the third signal ends the process. */
export const stopSignals = (host: Pick<Host, "onSignal" | "exit">, clock: Clock, atOnce: () => void): StopSignals => {
  const draining = new AbortController();
  const aborting = new AbortController();
  let received: StopSignal | undefined;
  let lastAt = Number.NEGATIVE_INFINITY;
  const release = host.onSignal((signal) => {
    const now = clock.now();
    if (now - lastAt < togetherMs) return;
    lastAt = now;
    received ??= signal;
    if (!draining.signal.aborted) draining.abort(new Error(signal));
    else if (!aborting.signal.aborted) aborting.abort(new Error(signal));
    else {
      atOnce();
      host.exit(signalExitCode(received));
    }
  });
  return {
    drain: draining.signal,
    abort: aborting.signal,
    get received() {
      return received;
    },
    stop: () => draining.abort(new Error("stopped")),
    release,
  };
};

/** The exit code of a process that a signal ended. */
export const signalExitCode = (signal: StopSignal): number => signalExitCodes[signal];

const signalExitCodes: Readonly<Record<StopSignal, number>> = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 };
