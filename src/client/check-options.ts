import { checkKeys } from "../call/check-keys.ts";
import type { OpenTelemetryApi } from "../observe/open-telemetry-api.ts";
import { breakerSettings } from "../route/breaker-options.ts";
import { hedgeSettings } from "../route/hedge-options.ts";
import { cacheSettings } from "./cache/cache-options.ts";
import { checkRoutes } from "./check-routes.ts";
import type { LLMOptions } from "./llm-options.ts";

const known: Readonly<Record<keyof LLMOptions, true>> = {
  model: true,
  baseURL: true,
  apiKey: true,
  headers: true,
  prices: true,
  providers: true,
  deployments: true,
  fallbacks: true,
  limits: true,
  learnedLimits: true,
  order: true,
  maxOutputTokens: true,
  coalesce: true,
  cache: true,
  hedge: true,
  breaker: true,
  retry: true,
  timeout: true,
  tokenizer: true,
  maxQueued: true,
  onEvent: true,
  telemetry: true,
  handler: true,
  clock: true,
  rng: true,
};

const breakerKeys = Object.keys(breakerSettings({}));
const hedgeKeys = Object.keys(hedgeSettings({}));

/**
 * Refuses what would be silently ignored, or fail only with the first call.
 *
 * @throws TypeError when an option does not exist, RangeError when one is out of range.
 */
export const checkOptions = (options: LLMOptions): void => {
  checkKeys("make a client", "options", options, Object.keys(known));
  const {
    hedge = false,
    breaker = {},
    limits = {},
    coalesce = false,
    cache,
    telemetry,
    tokenizer = "estimate",
  } = options;
  if (breaker !== false) {
    checkKeys("make a client", "breaker", breaker, breakerKeys);
    breakerSettings(breaker);
  }
  if (typeof hedge !== "boolean") {
    checkKeys("make a client", "hedge", hedge, hedgeKeys);
    hedgeSettings(hedge);
  }
  if (typeof coalesce !== "boolean")
    throw new TypeError(`Cannot make a client: "coalesce" must be true or false, got ${JSON.stringify(coalesce)}`);
  if (tokenizer !== "estimate" && tokenizer !== "exact")
    throw new TypeError(
      `Cannot make a client: "tokenizer" must be estimate or exact, got ${JSON.stringify(tokenizer)}`,
    );
  if (cache !== undefined) cacheSettings(cache);
  checkKeys("limit calls", "limits", limits, Object.keys(limits ?? {}));
  checkRoutes(options);
  if (telemetry !== undefined) checkTelemetry(telemetry ?? {});
};

const checkTelemetry = ({ trace, context, metrics }: Partial<OpenTelemetryApi>): void => {
  if (trace !== undefined && context !== undefined && metrics !== undefined) return;
  throw new TypeError(
    'Cannot make a client: "telemetry" must be the module @opentelemetry/api, as import * as telemetry from "@opentelemetry/api" gives it',
  );
};
