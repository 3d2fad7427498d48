import { CallError, cancellation } from "../call/call-error.ts";
import type { Call } from "../call/call.ts";
import type { Context } from "../call/context.ts";
import type { Layer } from "../call/handler.ts";
import type { Clock } from "../time/clock.ts";
import type { Rng } from "../time/rng.ts";
import { sleep } from "../time/sleep.ts";
import { Delivery } from "./delivery.ts";
import type { RetryBudget } from "./retry-budget.ts";
import { count, decide, type Decision, type Failures } from "./retry-decision.ts";
import type { RetryPolicy } from "./retry-options.ts";
import { RetryTurns } from "./retry-turns.ts";

/** What the retry layer needs beside the policy. */
export interface RetryParts {
  readonly policy: RetryPolicy;
  /** Shared by all calls of a pool. */
  readonly budget: RetryBudget;
  readonly clock: Clock;
  readonly rng: Rng;
}

/** Makes a failed call again while that can help: by its class, within the pool's budget, and never after content was delivered. */
export const retry = ({ policy, budget, clock, rng }: RetryParts): Layer => {
  const turns = new RetryTurns(budget, clock);
  return (next) =>
    async function retry(call, context) {
      const failures: Failures = { counted: 0, throttled: 0, timedOut: 0 };
      let until: number | undefined;
      const delivery = context.onEvent === undefined ? undefined : new Delivery(context.onEvent);
      for (let attempt = 1; ; attempt++) {
        try {
          const reply = await next(call, { ...context, onEvent: delivery?.onEvent, attempt });
          budget.succeeded();
          turns.succeeded();
          return reply;
        } catch (thrown) {
          const error = failed(thrown, context.signal, delivery, attempt);
          count(failures, error);
          const decision = decide(error, failures, policy, rng);
          if (decision === undefined) throw error;
          until ??= clock.now() + policy.maxTimeMs;
          await pause({ call, context, error, decision, until, policy, budget, turns });
        }
      }
    };
};

/** The failure as the caller would see it if it is final. */
const failed = (thrown: unknown, signal: AbortSignal, delivery: Delivery | undefined, attempt: number): CallError => {
  const error =
    thrown instanceof CallError
      ? thrown
      : new CallError("server", `The call failed in an unexpected way: ${String(thrown)}`, {
          cause: thrown,
          retryable: false,
        });
  if (signal.aborted)
    return cancellation(signal.reason).with({ retryable: false, attempts: attempt, ...delivery?.partial });
  if (delivery?.begun === true)
    return error.with({ code: "interrupted", retryable: false, attempts: attempt, ...delivery?.partial });
  return error.with({ attempts: attempt });
};

interface Pause {
  readonly call: Call;
  readonly context: Context;
  readonly error: CallError;
  readonly decision: Decision;
  /** No retry begins later than this. */
  readonly until: number;
  readonly policy: RetryPolicy;
  readonly budget: RetryBudget;
  readonly turns: RetryTurns;
}

/** Waits until the call may be made again; throws its failure when it may not. */
const pause = async (situation: Pause): Promise<void> => {
  const { context, error, decision, until, budget } = situation;
  const { clock, signal } = context;
  const { waitMs, cost } = decision;
  if (waitMs === 0 && cost === 0) return announce(situation, 0);
  const readyAt = clock.now() + waitMs;
  if (readyAt > until) throw error;
  try {
    const paid = cost === 0 || budget.spend(clock.now(), cost);
    if (!paid) await waitForTurn(situation);
    if (clock.now() >= readyAt) return;
    if (paid) announce(situation, waitMs);
    await sleep(clock, readyAt - clock.now(), signal).catch((reason: unknown) => {
      if (paid) budget.repay(cost);
      throw reason;
    });
  } catch (reason) {
    throw reason === error || !signal.aborted ? reason : cancelled(signal, error);
  }
};

/** The budget is empty. Waiting helps only one of many calls, and only where calls have succeeded before. */
const waitForTurn = async (situation: Pause): Promise<void> => {
  const { context, error, decision, until, policy, budget, turns } = situation;
  const { onEmptyBudget = context.ofMany === true ? "wait" : "fail" } = policy;
  if (onEmptyBudget === "fail" || !budget.proven) throw error.with({ note: emptyBudget });
  announce(situation, Math.max(0, budget.nextRefillAt(context.clock.now()) - context.clock.now()));
  if (!(await turns.wait(decision.cost, until, context.signal))) throw error.with({ note: emptyBudget });
};

const emptyBudget = "not tried again: too many calls of this client fail, and its retry budget is empty";

/** The caller ended the call while it waited: what it waited for is the cause. */
const cancelled = (signal: AbortSignal, error: CallError): CallError =>
  cancellation(signal.reason).with({ attempts: error.attempts, cause: error, note: `last failure: ${error.message}` });

const announce = ({ call, context, error }: Pause, waitMs: number): void => {
  const { attempts: attempt, code, message } = error;
  const status = error.status === undefined ? {} : { status: error.status };
  context.observe({
    type: "call-retry",
    at: context.clock.now(),
    id: call.id,
    attempt,
    code,
    message,
    waitMs,
    ...status,
  });
};
