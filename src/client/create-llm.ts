import type { CallError } from "../call/call-error.ts";
import type { CallEvent } from "../call/call-event.ts";
import type { Demand } from "../call/call.ts";
import { compose, type Handler, type Layer } from "../call/handler.ts";
import { limit } from "../limit/limit.ts";
import { QuotaLimiter } from "../limit/quota-limiter.ts";
import { Metrics } from "../observe/metrics.ts";
import { observe } from "../observe/observe.ts";
import { parkMs, parks } from "../retry/parks.ts";
import { RetryBudget } from "../retry/retry-budget.ts";
import { type RetryPolicy, retryPolicy } from "../retry/retry-options.ts";
import { retry } from "../retry/retry.ts";
import { Breakers } from "../route/breakers.ts";
import { breaker } from "../route/breaker.ts";
import { hedge } from "../route/hedge.ts";
import type { Clock } from "../time/clock.ts";
import { OneTimerClock } from "../time/one-timer-clock.ts";
import type { Rng } from "../time/rng.ts";
import { systemClock } from "../time/system-clock.ts";
import { attemptTimeout } from "../timeout/attempt-timeout.ts";
import { timeoutMs } from "../timeout/timeout-ms.ts";
import { totalTimeout } from "../timeout/total-timeout.ts";
import { automaticBound } from "./automatic-bound.ts";
import { CallRunner } from "./call-runner.ts";
import { Client } from "./client.ts";
import { checkOptions } from "./check-options.ts";
import { ControllerPool } from "./controller-pool.ts";
import { Estimator } from "./estimator.ts";
import { learnUsage } from "./learn-usage.ts";
import type { LLMOptions } from "./llm-options.ts";
import type { LLM } from "./llm.ts";
import { ProviderTable } from "./provider-table.ts";
import { Providers } from "./providers.ts";
import { environmentVariable } from "./environment.ts";

/**
 * Makes a client: every call it makes obeys its limits, is retried and timed, alone or a million at once.
 *
 * @throws Error when an option is wrong, or when the model's provider needs a key or an address that nobody gave.
 */
export const createLLM = (options: LLMOptions = {}): LLM => {
  checkOptions(options);
  const { rng = Math.random, onEvent, model, maxOutputTokens } = options;
  const clock = new OneTimerClock(options.clock ?? systemClock);
  const timeouts = timeoutMs(options.timeout);
  const policy = retryPolicy(options.retry);
  const limiter = limiterOf(options, clock, policy);
  const metrics = new Metrics();
  const closing = new AbortController();
  const table = tableOf(options);
  const providers = new Providers(table);
  const estimator = new Estimator(table.vendorOf);
  const controllers = new ControllerPool();
  const parts: RouteParts = { clock, rng, controllers };
  const breakers = breakersOf(options, parts);
  const forecast = {
    earliestStart: (demand: Demand): number => limiter.earliestStart(demand),
    usualFirstContentMs: (): number => metrics.usualMs(true),
  };
  const handler: Handler = compose(
    observe((event) => {
      metrics.listen(event);
      if (onEvent !== undefined) tell(onEvent, event);
    }),
    totalTimeout(timeouts.totalMs),
    automaticBound(estimator),
    retry({ policy, budget: new RetryBudget(clock.now()), clock, rng, ...forecast }),
    ...routeLayers(options, breakers, parts),
    learnUsage(estimator),
    limit(limiter, ({ body }) => metrics.usualMs(body["stream"] === true)),
    attemptTimeout(timeouts, controllers),
  )(options.handler ?? providers.handle);
  const runner = new CallRunner({
    handler,
    clock,
    estimator,
    table,
    model,
    timeouts,
    closing: closing.signal,
    ...(maxOutputTokens === undefined ? {} : { maxOutputTokens }),
  });
  return new Client({
    runner,
    limiter,
    metrics,
    closing,
    clock,
    breakers: () => breakers?.stats ?? [],
    closeProviders: () => providers.close(),
  });
};

const tableOf = (options: LLMOptions): ProviderTable => {
  const { model, handler } = options;
  const table = new ProviderTable(options, environmentVariable);
  // A missing key is said when the client is made, not by each of a million calls.
  if (model !== undefined && handler === undefined) table.endpointsOf(table.parse(model).provider);
  return table;
};

const limiterOf = (options: LLMOptions, clock: Clock, policy: RetryPolicy): QuotaLimiter => {
  const { limits = {}, maxQueued = 1_000_000, order = "fifo", learnedLimits = {} } = options;
  const parkedMs = (error: CallError): number | undefined => (parks(error, policy) ? parkMs(error) : undefined);
  return new QuotaLimiter({ clock, limits, maxQueued, order, learned: learnedLimits, parkedMs });
};

interface RouteParts {
  readonly clock: Clock;
  readonly rng: Rng;
  readonly controllers: ControllerPool;
}

const breakersOf = ({ breaker: breaking = {} }: LLMOptions, parts: RouteParts): Breakers | undefined =>
  breaking === false ? undefined : new Breakers({ ...parts, ...breaking });

/** What deals with a provider that fails or hangs, between the retries and the limits. */
const routeLayers = (
  { hedge: hedging = false }: LLMOptions,
  breakers: Breakers | undefined,
  parts: RouteParts,
): Layer[] => [
  ...(hedging === false ? [] : [hedge({ ...parts, ...(hedging === true ? {} : hedging) })]),
  ...(breakers === undefined ? [] : [breaker(breakers)]),
];

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
