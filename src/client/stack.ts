import type { CallError } from "../call/call-error.ts";
import type { Timeouts } from "../call/context.ts";
import { compose, type Layer } from "../call/handler.ts";
import { limit } from "../limit/limit.ts";
import { observe } from "../observe/observe.ts";
import { parks } from "../retry/parks.ts";
import { RetryBudget } from "../retry/retry-budget.ts";
import { retry } from "../retry/retry.ts";
import { breaker } from "../route/breaker.ts";
import { hedge } from "../route/hedge.ts";
import { route } from "../route/route.ts";
import { attemptTimeout } from "../timeout/attempt-timeout.ts";
import { totalTimeout } from "../timeout/total-timeout.ts";
import { automaticBound } from "./automatic-bound.ts";
import { learnUsage } from "./learn-usage.ts";
import type { LLMOptions } from "./llm-options.ts";
import { fallback } from "./fallback.ts";
import { priced } from "./priced.ts";
import { structured } from "./structured/structured.ts";
import type { ClientState } from "./client-state.ts";

/** The layers of a client, outermost first; ARCHITECTURE.md says why in this order. */
export const stackOf = (options: LLMOptions, state: ClientState, timeouts: Timeouts): Layer => {
  const { metrics, events, telemetry, estimator, prices, providers, reuse } = state;
  const tabled = options.handler === undefined;
  return compose(
    telemetry.call,
    observe((event) => {
      metrics.listen(event);
      events.emit(event);
    }),
    priced({ book: prices, tabled, isElsewhere: providers.isElsewhere }),
    totalTimeout(timeouts.totalMs),
    structured(),
    fallback(),
    ...reuse.layers,
    automaticBound(estimator),
    retryLayer(state),
    routeLayer(state),
    ...attemptLayers(options, state, timeouts),
  );
};

/** What may make a call's attempts again. */
const retryLayer = ({ policy, clock, rng, metrics, routes, pools }: ClientState): Layer =>
  retry({
    policy,
    budget: new RetryBudget(clock.now()),
    clock,
    rng,
    earliestStart: (call) =>
      Math.min(...routes.candidates(call).map((candidate) => pools.of(candidate).earliestStart(call.demand))),
    usualFirstContentMs: () => metrics.usualMs(true),
  });

/** What decides where an attempt goes. */
const routeLayer = ({ clock, controllers, routes, pools, breakers }: ClientState): Layer =>
  route({
    clock,
    controllers,
    candidates: routes.candidates,
    predictedStart: (call) => pools.of(call).predictedStart(call.demand),
    opensAt: (deployment) => breakers?.of(deployment).opensAt ?? -Infinity,
  });

/** What stands around one attempt at one place. */
const attemptLayers = ({ hedge: hedging = false }: LLMOptions, state: ClientState, timeouts: Timeouts): Layer[] => {
  const { clock, controllers, telemetry, breakers, estimator, metrics, pools, policy } = state;
  const isFinal = (failure: CallError): boolean => !failure.retryable && !parks(failure, policy);
  return [
    ...(hedging === false ? [] : [hedge({ clock, controllers, ...(hedging === true ? {} : hedging) })]),
    telemetry.attempt,
    ...(breakers === undefined ? [] : [breaker(breakers)]),
    learnUsage(estimator),
    limit(pools, ({ body }) => metrics.usualMs(body["stream"] === true), isFinal),
    attemptTimeout(timeouts, controllers),
    telemetry.request,
  ];
};
