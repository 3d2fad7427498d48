import { CallError, cancellation } from "../call/call-error.ts";
import type { Call } from "../call/call.ts";
import type { Context } from "../call/context.ts";
import type { Layer } from "../call/handler.ts";
import type { Clock } from "../time/clock.ts";
import type { Rng } from "../time/rng.ts";
import { sleep } from "../time/sleep.ts";
import { Delivery } from "./delivery.ts";
import type { RetryBudget } from "./retry-budget.ts";
import { count, decide, type Decision, noFailures } from "./retry-decision.ts";
import type { RetryPolicy } from "./retry-options.ts";
import { RetryTurns } from "./retry-turns.ts";
import { isTooLate, lastStart, neverInTime, type StartForecast } from "./start-forecast.ts";

/** What the retry layer needs beside the policy. */
export interface RetryParts extends StartForecast {
  readonly policy: RetryPolicy;
  /** Shared by all calls of a pool. */
  readonly budget: RetryBudget;
  readonly clock: Clock;
  readonly rng: Rng;
}

/**
 * Makes a failed call again while that can help: by its class, within the pool's budget and the call's deadline, and
 * never after content was delivered.
 */
export const retry = (parts: RetryParts): Layer => {
  const { policy, budget, clock, rng } = parts;
  const turns = new RetryTurns(budget, clock);
  return (next) =>
    async function retry(call, context) {
      const hopeless = neverInTime(call, context, parts);
      if (hopeless !== undefined) throw hopeless;
      const failures = noFailures();
      const delivery = context.onEvent === undefined ? undefined : new Delivery(context.onEvent);
      let lent = 0;
      for (let attempt = 1; ;) {
        try {
          const reply = await next(call, { ...context, onEvent: delivery?.onEvent, attempt });
          budget.repay(lent);
          budget.succeeded();
          turns.succeeded();
          return reply;
        } catch (thrown) {
          const error = failed(thrown, context.signal, delivery, attempt);
          // A connection that came about in the end has cost nobody anything; one that does not is an outage.
          if (!error.unreachable) {
            budget.repay(lent);
            lent = 0;
          }
          count(failures, error, policy, clock.now());
          const decision = decide(error, failures, policy, rng);
          if (decision === undefined) throw error;
          const paid = await pause({ parts, turns, call, context, error, decision });
          if (error.unreachable) lent += paid;
          attempt = error.attempts + 1;
        }
      }
    };
};

/** The failure as the caller would see it if it is final; below us more than one deployment may have been tried. */
const failed = (thrown: unknown, signal: AbortSignal, delivery: Delivery | undefined, first: number): CallError => {
  const attempt = thrown instanceof CallError ? Math.max(first, thrown.attempts) : first;
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
  readonly parts: RetryParts;
  readonly turns: RetryTurns;
  readonly call: Call;
  readonly context: Context;
  readonly error: CallError;
  readonly decision: Decision;
}

/** Waits until the call may be made again and returns what the budget paid for it; throws its failure when it may not. */
const pause = async (situation: Pause): Promise<number> => {
  const { parts, call, context, error, decision } = situation;
  const { clock, signal } = context;
  const readyAt = clock.now() + decision.waitMs;
  if (readyAt > decision.until) throw error;
  if (isTooLate(call, context, readyAt, parts)) throw error.with({ note: noTimeLeft, tooLate: true });
  let paid = 0;
  try {
    paid = await pay(situation);
    if (clock.now() < readyAt) await sleep(clock, readyAt - clock.now(), signal);
    signal.throwIfAborted();
    if (isTooLate(call, context, clock.now(), parts)) throw error.with({ note: noTimeLeft, tooLate: true });
    return paid;
  } catch (reason) {
    parts.budget.repay(paid);
    throw signal.aborted ? cancelled(signal, error) : reason;
  }
};

const pay = async (situation: Pause): Promise<number> => {
  const { parts, context, decision } = situation;
  const { cost, waitMs } = decision;
  if (cost > 0 && !parts.budget.spend(context.clock.now(), cost)) return waitForTurn(situation);
  announce(situation, waitMs);
  return cost;
};

/** The budget is empty. Waiting helps only one of many calls, and only where calls have succeeded before. */
const waitForTurn = async (situation: Pause): Promise<number> => {
  const { parts, turns, context, error, decision } = situation;
  const { policy, budget } = parts;
  const { onEmptyBudget = context.ofMany === true ? "wait" : "fail" } = policy;
  if (onEmptyBudget === "fail" || !budget.proven) throw error.with({ note: emptyBudget });
  announce(situation, Math.max(0, budget.nextRefillAt(context.clock.now()) - context.clock.now()));
  const last = lastStart(context, parts);
  const paid = await turns.wait(decision.cost, Math.min(decision.until, last), context.signal);
  if (paid === undefined) throw error.with({ note: emptyBudget, tooLate: last < decision.until });
  return paid;
};

const noTimeLeft = "not tried again: no time left before its deadline";

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
