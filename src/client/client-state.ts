import type { CallError } from "../call/call-error.ts";

import type { Call } from "../call/call.ts";

import { checkHeaders, checkKey } from "../provider/request-headers.ts";
import { createPriceBook, type PriceBook } from "../provider/prices/price-book.ts";

import { CallEvents } from "../observe/call-events.ts";

import { Metrics } from "../observe/metrics.ts";

import type { Telemetry } from "../observe/telemetry.ts";

import { parkMs, parks } from "../retry/parks.ts";

import { type RetryPolicy, retryPolicy } from "../retry/retry-options.ts";

import { Breakers } from "../route/breakers.ts";

import type { Clock } from "../time/clock.ts";

import { OneTimerClock } from "../time/one-timer-clock.ts";

import type { Rng } from "../time/rng.ts";

import { systemClock } from "../time/system-clock.ts";

import { type ClientReuse, clientReuse } from "./cache/client-reuse.ts";

import { clientTelemetry } from "./client-telemetry.ts";

import { ControllerPool } from "./controller-pool.ts";

import { Estimator } from "./estimator.ts";
import { ExactCounters } from "./exact-counters.ts";

import type { LLMOptions } from "./llm-options.ts";

import { type Endpoint, ProviderTable } from "./provider-table.ts";

import { Pools } from "./pools.ts";

import { Providers } from "./providers.ts";

import { RouteTable } from "./routes.ts";

import { environmentVariable } from "./environment.ts";

/** What the layers of a client share. */
export interface ClientState {
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
  readonly prices: PriceBook;
  /** Whose prices a provider has; `undefined` when it stands at an address of the user's. */
  readonly pricedAs: (provider: string) => string | undefined;
  readonly estimator: Estimator;
  readonly policy: RetryPolicy;
  readonly reuse: ClientReuse;
}

/** Makes the parts of a client. */
export const partsOf = (options: LLMOptions): ClientState => {
  const { rng = Math.random } = options;
  const clock = new OneTimerClock(options.clock ?? systemClock);
  const controllers = new ControllerPool();
  const policy = retryPolicy(options.retry);
  const table = new ProviderTable(options, environmentVariable);
  const routes = new RouteTable(table, options);
  const pools = poolsOf(options, clock, policy, routes);
  if (options.model !== undefined) {
    for (const candidate of routes.candidates(routedModel(routes, options.model))) {
      // A missing key is said when the client is made, not by each of a million calls.
      if (options.handler === undefined) table.endpointsOf(candidate.model.provider).forEach(checkSendable);
      // What is asked about limits has an answer before the first call.
      pools.of(candidate);
    }
  }
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
    pricedAs: table.pricedAs,
    prices: createPriceBook({ pricedAs: table.pricedAs, ...(options.prices && { overrides: options.prices }) }),
    estimator: new Estimator(table.vendorOf, options.tokenizer === "exact" ? new ExactCounters() : undefined),
    policy,
    reuse: clientReuse(options, { table, controllers, clock, rng }),
  };
};

const routedModel = (routes: RouteTable, name: string): Pick<Call, "model" | "group"> => {
  const { group, ...model } = routes.modelOf(name);
  return group === undefined ? { model } : { model, group };
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

/** What cannot be sent is said when the client is made, not by each of a million calls. */
const checkSendable = ({ apiKey, headers }: Endpoint): void => {
  checkKey(apiKey);
  if (headers !== undefined) checkHeaders(headers);
};
