import type { Host, StopSignal } from "../host.ts";

/** Aborts at the first signal; the second one ends the process. */
export interface StopAtOnce extends Disposable {
  readonly signal: AbortSignal;
  /** The signal that came. */
  readonly received: StopSignal | undefined;
  /** Aborts as a signal would, for another reason. */
  abort(reason: Error): void;
}

/** One key press can arrive twice within moments: from the terminal, and passed on by npx. */
const togetherMs = 100;

/** For commands that have nothing to save. */
export const stopAtOnce = (
  { onSignal, exit }: Pick<Host, "onSignal" | "exit">,
  now: () => number,
  exitCode: (signal: StopSignal) => number,
): StopAtOnce => {
  const controller = new AbortController();
  let received: StopSignal | undefined;
  let receivedAt = 0;
  const release = onSignal((signal) => {
    if (received === undefined) {
      [received, receivedAt] = [signal, now()];
      controller.abort(new Error(signal));
    } else if (now() - receivedAt >= togetherMs) {
      exit(exitCode(received));
    }
  });
  return {
    signal: controller.signal,
    get received() {
      return received;
    },
    abort: (reason) => controller.abort(reason),
    [Symbol.dispose]: release,
  };
};
