import type { CallEvent } from "../call/call-event.ts";
import { compose, type Handler } from "../call/handler.ts";
import { limit } from "../limit/limit.ts";
import { QuotaLimiter } from "../limit/quota-limiter.ts";
import { Metrics } from "../observe/metrics.ts";
import { observe } from "../observe/observe.ts";
import { RetryBudget } from "../retry/retry-budget.ts";
import { retryPolicy } from "../retry/retry-options.ts";
import { retry } from "../retry/retry.ts";
import { OneTimerClock } from "../time/one-timer-clock.ts";
import { systemClock } from "../time/system-clock.ts";
import { attemptTimeout } from "../timeout/attempt-timeout.ts";
import { timeoutMs } from "../timeout/timeout-ms.ts";
import { totalTimeout } from "../timeout/total-timeout.ts";
import { CallRunner } from "./call-runner.ts";
import { Client } from "./client.ts";
import { ControllerPool } from "./controller-pool.ts";
import { Estimator } from "./estimator.ts";
import type { LLMOptions } from "./llm-options.ts";
import type { LLM } from "./llm.ts";
import { Providers } from "./providers.ts";

/**
 * Makes a client: every call it makes obeys its limits, is retried and timed, alone or a million at once.
 *
 * @throws Error when an option is wrong, or when the model's provider needs a key or an address that nobody gave.
 */
export const createLLM = (options: LLMOptions = {}): LLM => {
  const { rng = Math.random, limits = {}, maxQueued, onEvent, model } = options;
  const clock = new OneTimerClock(options.clock ?? systemClock);
  const timeouts = timeoutMs(options.timeout);
  const limiter = new QuotaLimiter({ clock, limits, ...(maxQueued === undefined ? {} : { maxQueued }) });
  const metrics = new Metrics();
  const closing = new AbortController();
  const providers = new Providers(options);
  const handler: Handler = compose(
    observe((event) => {
      metrics.listen(event);
      if (onEvent !== undefined) tell(onEvent, event);
    }),
    totalTimeout(timeouts.totalMs),
    retry({ policy: retryPolicy(options.retry), budget: new RetryBudget(clock.now()), clock, rng }),
    limit(limiter),
    attemptTimeout(timeouts, new ControllerPool()),
  )(options.handler ?? providers.handle);
  const runner = new CallRunner({
    handler,
    clock,
    estimator: new Estimator(),
    model,
    timeouts,
    closing: closing.signal,
  });
  return new Client({ runner, limiter, metrics, closing, clock, closeProviders: () => providers.close() });
};

/** A listener that throws has a bug of its own: it is reported as uncaught, and the call goes on. */
const tell = (listener: (event: CallEvent) => void, event: CallEvent): void => {
  try {
    listener(event);
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
};
