import { timeoutMs } from "../timeout/timeout-ms.ts";

import { CallEstimator } from "./call-estimator.ts";
import { CallRunner } from "./call-runner.ts";

import { Client } from "./client.ts";

import { checkOptions } from "./check-options.ts";

import type { LLMOptions } from "./llm-options.ts";

import type { LLM } from "./llm.ts";

import { warnOnce } from "./environment.ts";

import { partsOf } from "./client-state.ts";
import { stackOf } from "./stack.ts";

/**
 * Makes a client: every call it makes obeys its limits, is retried and timed, alone or a million at once.
 *
 * @throws Error when an option is wrong, or when the model's provider needs a key or an address that nobody gave.
 */
export const createLLM = (options: LLMOptions = {}): LLM => {
  checkOptions(options);
  const { model, maxOutputTokens } = options;
  const parts = partsOf(options);
  const { clock, routes, pools, metrics, events, breakers, providers, estimator, reuse, prices, pricedAs } = parts;
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
  const callEstimator = new CallEstimator({
    estimator,
    routes,
    prices,
    pricedAs,
    model,
    maxOutputTokens,
    tabled: options.handler === undefined,
  });
  return new Client({
    runner,
    callEstimator,
    pools,
    metrics,
    events,
    closing,
    clock,
    breakers: () => breakers?.stats ?? [],
    providers,
    closeCache: reuse.close,
    warn: warnOnce,
  });
};
