import type { CallError } from "../call/call-error.ts";
import type { Call } from "../call/call.ts";
import type { Timeouts } from "../call/context.ts";
import { compose, type Layer } from "../call/handler.ts";
import { limit } from "../limit/limit.ts";
import { CallEvents } from "../observe/call-events.ts";
import { Metrics } from "../observe/metrics.ts";
import { observe } from "../observe/observe.ts";
import type { Telemetry } from "../observe/telemetry.ts";
import { parkMs, parks } from "../retry/parks.ts";
import { RetryBudget } from "../retry/retry-budget.ts";
import { type RetryPolicy, retryPolicy } from "../retry/retry-options.ts";
import { retry } from "../retry/retry.ts";
import { Breakers } from "../route/breakers.ts";
import { breaker } from "../route/breaker.ts";
import { hedge } from "../route/hedge.ts";
import { route } from "../route/route.ts";
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
import { clientTelemetry } from "./client-telemetry.ts";
import { ControllerPool } from "./controller-pool.ts";
import { Estimator } from "./estimator.ts";
import { learnUsage } from "./learn-usage.ts";
import type { LLMOptions } from "./llm-options.ts";
import type { LLM } from "./llm.ts";
import { ProviderTable } from "./provider-table.ts";
import { fallback } from "./fallback.ts";
import { Pools } from "./pools.ts";
import { Providers } from "./providers.ts";
import { structured } from "./structured/structured.ts";
import { RouteTable } from "./routes.ts";
import { environmentVariable, warnOnce } from "./environment.ts";

/**
 * Makes a client: every call it makes obeys its limits, is retried and timed, alone or a million at once.
 *
 * @throws Error when an option is wrong, or when the model's provider needs a key or an address that nobody gave.
 */
export const createLLM = (options: LLMOptions = {}): LLM => {
  checkOptions(options);
  const { model, maxOutputTokens } = options;
  const parts = partsOf(options);
  const { clock, routes, pools, metrics, events, breakers, providers, estimator } = parts;
  const closing = new AbortController();
  const timeouts = timeoutMs(options.timeout);
  const handler = stackOf(options, parts, timeouts)(options.handler ?? providers.handle);
  const runner = new CallRunner({
    handler,
    clock,
    estimator,
    routes,
    model,
    timeouts,
    closing: closing.signal,
    ...(maxOutputTokens === undefined ? {} : { maxOutputTokens }),
  });
  return new Client({
    runner,
    pools,
    metrics,
    events,
    closing,
    clock,
    breakers: () => breakers?.stats ?? [],
    providers,
    warn: warnOnce,
  });
};

/** What the layers of a client share. */
interface ClientState {
  readonly clock: Clock;
  readonly rng: Rng;
  readonly controllers: ControllerPool;
  readonly routes: RouteTable;
  readonly pools: Pools;
  readonly metrics: Metrics;
  readonly events: CallEvents;
  readonly telemetry: Telemetry;
  readonly breakers: Breakers | undefined;
  readonly providers: Providers;
  readonly estimator: Estimator;
  readonly policy: RetryPolicy;
}

const partsOf = (options: LLMOptions): ClientState => {
  const { rng = Math.random } = options;
  const clock = new OneTimerClock(options.clock ?? systemClock);
  const controllers = new ControllerPool();
  const policy = retryPolicy(options.retry);
  const table = tableOf(options);
  const routes = new RouteTable(table, options);
  const pools = poolsOf(options, clock, policy, routes);
  // The first pool is there from the start: what is asked about limits has an answer before the first call.
  if (options.model !== undefined)
    for (const candidate of routes.candidates(routedModel(routes, options.model))) pools.of(candidate);
  return {
    clock,
    rng,
    controllers,
    routes,
    pools,
    metrics: new Metrics(),
    events: eventsOf(options),
    telemetry: clientTelemetry(options, table),
    breakers: breakersOf(options, { clock, rng, controllers }),
    providers: new Providers(table),
    estimator: new Estimator(table.vendorOf),
    policy,
  };
};

const routedModel = (routes: RouteTable, name: string): Pick<Call, "model" | "group"> => {
  const { group, ...model } = routes.modelOf(name);
  return group === undefined ? { model } : { model, group };
};

/** The layers, outermost first; ARCHITECTURE.md says why in this order. */
const stackOf = (options: LLMOptions, state: ClientState, timeouts: Timeouts): Layer => {
  const { clock, rng, controllers, routes, pools, metrics, events, telemetry, breakers, estimator, policy } = state;
  const { hedge: hedging = false } = options;
  const startOf = (call: Call): number =>
    Math.min(...routes.candidates(call).map((candidate) => pools.of(candidate).earliestStart(call.demand)));
  return compose(
    telemetry.call,
    observe((event) => {
      metrics.listen(event);
      events.emit(event);
    }),
    totalTimeout(timeouts.totalMs),
    structured(),
    fallback(),
    automaticBound(estimator),
    retry({
      policy,
      budget: new RetryBudget(clock.now()),
      clock,
      rng,
      earliestStart: startOf,
      usualFirstContentMs: () => metrics.usualMs(true),
    }),
    route({
      clock,
      controllers,
      candidates: routes.candidates,
      predictedStart: (call) => pools.of(call).predictedStart(call.demand),
      opensAt: (deployment) => breakers?.of(deployment).opensAt ?? -Infinity,
    }),
    ...(hedging === false ? [] : [hedge({ clock, controllers, ...(hedging === true ? {} : hedging) })]),
    telemetry.attempt,
    ...(breakers === undefined ? [] : [breaker(breakers)]),
    learnUsage(estimator),
    limit(pools, ({ body }) => metrics.usualMs(body["stream"] === true)),
    attemptTimeout(timeouts, controllers),
    telemetry.request,
  );
};

const tableOf = (options: LLMOptions): ProviderTable => {
  const { model, deployments = {}, handler } = options;
  const table = new ProviderTable(options, environmentVariable);
  // A missing key is said when the client is made, not by each of a million calls.
  if (model !== undefined && handler === undefined)
    for (const member of deployments[model] ?? [model]) table.endpointsOf(table.parse(member).provider);
  return table;
};

const poolsOf = (options: LLMOptions, clock: Clock, policy: RetryPolicy, routes: RouteTable): Pools => {
  const { limits = {}, maxQueued = 1_000_000, order = "fifo", learnedLimits = {} } = options;
  const parkedMs = (error: CallError): number | undefined => (parks(error, policy) ? parkMs(error) : undefined);
  return new Pools({ clock, limits, maxQueued, order, learned: learnedLimits, parkedMs, scopeOf: routes.scopeOf });
};

const breakersOf = (
  { breaker: breaking = {} }: LLMOptions,
  parts: Pick<ClientState, "clock" | "rng" | "controllers">,
): Breakers | undefined => (breaking === false ? undefined : new Breakers({ ...parts, ...breaking }));

const eventsOf = ({ onEvent }: LLMOptions): CallEvents => {
  const events = new CallEvents(throwLater);
  if (onEvent !== undefined) events.on("*", onEvent);
  return events;
};

/** A listener that throws has a bug of its own: it is reported as uncaught. */
const throwLater = (error: unknown): void =>
  queueMicrotask(() => {
    throw error;
  });
