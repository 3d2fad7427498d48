import { CallError, cancellation } from "../call/call-error.ts";
import type { Call } from "../call/call.ts";
import type { Context } from "../call/context.ts";
import type { Layer } from "../call/handler.ts";
import type { Rng } from "../time/rng.ts";
import { sleep } from "../time/sleep.ts";
import { Delivery } from "./delivery.ts";
import { count, decide, type Decision, type Failures } from "./retry-decision.ts";
import type { RetryBudget } from "./retry-budget.ts";
import type { RetryPolicy } from "./retry-options.ts";

/** What the retry layer needs beside the policy. */
export interface RetryParts {
  readonly policy: RetryPolicy;
  /** Shared by all calls of a pool. */
  readonly budget: RetryBudget;
  readonly rng: Rng;
}

/** Makes a failed call again while that can help: by its class, within the pool's budget, and never after content was delivered. */
export const retry =
  ({ policy, budget, rng }: RetryParts): Layer =>
  (next) =>
    async function retry(call, context) {
      const failures: Failures = { counted: 0, throttled: 0, timedOut: 0 };
      let lastStartAt: number | undefined;
      const delivery = context.onEvent === undefined ? undefined : new Delivery(context.onEvent);
      for (let attempt = 1; ; attempt++) {
        try {
          const reply = await next(call, { ...context, onEvent: delivery?.onEvent, attempt });
          budget.succeeded();
          return reply;
        } catch (thrown) {
          const error = failed(thrown, context.signal, delivery, attempt);
          count(failures, error);
          const decision = decide(error, failures, policy, rng);
          if (decision === undefined) throw error;
          lastStartAt ??= context.clock.now() + policy.maxTimeMs;
          const waitMs = waitFor(decision, context.clock.now(), lastStartAt, budget, policy);
          if (waitMs === undefined) throw error;
          await pause(call, context, error, attempt, waitMs).catch((cancelled: unknown) => {
            budget.repay(decision.cost);
            throw cancelled;
          });
        }
      }
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

/** How long to wait in all, the budget included; undefined when it would be too late, or nobody waits for the budget. */
const waitFor = (
  { waitMs, cost }: Decision,
  now: number,
  lastStartAt: number,
  budget: RetryBudget,
  { onEmptyBudget }: RetryPolicy,
): number | undefined => {
  // A call that a 429 sent back waits in the queue, not here, and no clock of ours runs against it.
  if (waitMs === 0 && cost === 0) return 0;
  if (now + waitMs > lastStartAt) return undefined;
  if (cost === 0 || budget.spend(now, cost)) return waitMs;
  if (onEmptyBudget === "fail") return undefined;
  const longerMs = budget.borrow(now, cost) + waitMs;
  if (now + longerMs <= lastStartAt) return longerMs;
  budget.repay(cost);
  return undefined;
};

const pause = async (
  call: Call,
  { clock, signal, observe }: Context,
  error: CallError,
  attempt: number,
  waitMs: number,
): Promise<void> => {
  const status = error.status === undefined ? {} : { status: error.status };
  observe({ type: "call-retry", at: clock.now(), id: call.id, attempt, code: error.code, waitMs, ...status });
  if (waitMs === 0) return;
  await sleep(clock, waitMs, signal).catch((reason: unknown) => {
    throw cancellation(reason).with({ attempts: attempt });
  });
};
