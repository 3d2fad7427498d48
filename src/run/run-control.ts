import type { CallError } from "../call/call-error.ts";
import { childController } from "../time/child-controller.ts";
import type { RunEvent } from "./run-event.ts";
import type { RunFileOptions } from "./run-options.ts";
import type { ReachedBound } from "./stop/reached-bound.ts";

/** How the parts of a run tell each other to stop, and the caller what happens. */
export interface RunControl {
  /** Aborted: nothing more is sent. */
  readonly drain: AbortSignal;
  /** Aborted: what is in flight is aborted, too. */
  readonly signal: AbortSignal;
  /** Aborted by either: before the first call there is nothing to drain. */
  readonly preparing: AbortSignal;
  readonly emit: (event: RunEvent) => void;
  readonly warn: (message: string) => void;
  /** Sends nothing more, because nothing can succeed. */
  readonly stop: (error: CallError) => void;
  /** Sends nothing more, because a bound of the user's is reached; `now` aborts what is in flight as well. The first bound counts. */
  readonly bound: (bound: ReachedBound, when?: "soon" | "now") => void;
  /** The bound that was reached. */
  readonly reached: ReachedBound | undefined;
  /** Ends the run with an error; `soft` lets what is in flight finish. The first error counts. */
  readonly fail: (error: unknown, how?: "soft") => void;
  /** Aborts what is in flight, without an error. */
  readonly leave: () => void;
  /** Throws the error that the run was ended with. */
  readonly throwIfFailed: () => void;
  /** Lets go of the caller's signals. */
  readonly release: () => void;
}

/** Follows the caller's signals and adds the run's own reasons to stop. */
export const runControl = ({ signal, drain, onEvent }: RunFileOptions): RunControl => {
  const aborting = childController(signal ?? neverAborted());
  const draining = childController(drain ?? neverAborted());
  const preparing = childController(aborting.signal);
  let reached: ReachedBound | undefined;
  let failure: { readonly error: unknown } | undefined;
  const fail: RunControl["fail"] = (error, how) => {
    failure ??= { error };
    (how === "soft" ? draining : aborting).abort(error);
  };
  const emit = (event: RunEvent): void => {
    try {
      onEvent?.(event);
    } catch (error) {
      fail(error);
    }
  };
  draining.signal.addEventListener("abort", () => preparing.abort(draining.signal.reason), { once: true });
  if (draining.signal.aborted) preparing.abort(draining.signal.reason);
  return {
    drain: draining.signal,
    signal: aborting.signal,
    preparing: preparing.signal,
    emit,
    warn: (message) => emit({ type: "warning", message }),
    stop: (error) => {
      emit({ type: "stopping", reason: "error", error });
      draining.abort(error);
    },
    bound: (bound, when = "soon") => {
      if (reached !== undefined) return;
      reached = bound;
      emit({ type: "stopping", reason: "bound", bound, when });
      draining.abort(new Error(bound.message));
      if (when === "now") aborting.abort(new Error(bound.message));
    },
    get reached() {
      return reached;
    },
    fail,
    leave: () => aborting.abort(new Error("the reader of the results has left")),
    throwIfFailed: () => {
      if (failure !== undefined) throw failure.error;
    },
    release: () => [aborting, draining, preparing].forEach((controller) => controller[Symbol.dispose]()),
  };
};

/** Tells the caller once that a signal of theirs has been heard. */
export const announceSignals = ({ drain, signal }: RunFileOptions, emit: RunControl["emit"]): (() => void) => {
  const onDrain = (): void => emit({ type: "stopping", reason: "drain" });
  const onAbort = (): void => emit({ type: "stopping", reason: "abort" });
  drain?.addEventListener("abort", onDrain, { once: true });
  signal?.addEventListener("abort", onAbort, { once: true });
  return () => {
    drain?.removeEventListener("abort", onDrain);
    signal?.removeEventListener("abort", onAbort);
  };
};

const neverAborted = (): AbortSignal => new AbortController().signal;
