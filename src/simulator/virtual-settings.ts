import type { Clock } from "../time/clock.ts";
import type { Rng } from "../time/rng.ts";
import { accountDefaults, type AccountOptions, type AccountSettings } from "./account-options.ts";
import { checkAccount } from "./check-account.ts";
import { optionCheck } from "./check-option.ts";
import { type LatencyLaw, usualLatency, usualNetwork } from "./usual-latency.ts";

/**
 * What the provider without a network is like.
 *
 * The truth about a call is in its body: `{ input, output, max_tokens? }` as numbers of tokens (`demand` where they are
 * missing), and `stream: true` where the head comes with the first token.
 */
export interface VirtualProviderOptions extends AccountOptions {
  readonly clock: Clock;
  /** The same seed draws the same delays and faults. @default 1 */
  readonly seed?: number;
  /** The delay of one way through the network: a law, or always the same. @default log-normal, median 40, sigma 0.5 */
  readonly networkMs?: number | ((rng: Rng) => number);
  /** How long an answer takes. @default half a second to the first token and 15 ms a token */
  readonly latency?: LatencyLaw;
  /** A factor on all latencies. @default 1 */
  readonly latencyScale?: number;
  /** The share of admitted calls, in [0, 1], that fail with a 500. @default 0 */
  readonly faults?: number;
  /** The share of admitted calls, in [0, 1], that take ten times as long. @default 0 */
  readonly hangs?: number;
  /** When every call is refused with a 503. @default never */
  readonly outages?: readonly Outage[];
  /** Whether `context.onOutput` is told twice a second how far an answer is. @default false */
  readonly reportOutput?: boolean;
}

/** A time in which the provider is down, in milliseconds after its start. */
interface Outage {
  readonly fromMs: number;
  readonly toMs: number;
}

/** The options with their defaults. */
export type VirtualSettings = AccountSettings & Required<Omit<VirtualProviderOptions, keyof AccountOptions>>;

/** Fills in the defaults and checks every option. */
export const virtualSettings = (options: VirtualProviderOptions): VirtualSettings => {
  const settings: VirtualSettings = { ...accountDefaults, ...defaults, ...options };
  const check = optionCheck("Cannot create the virtual provider");
  checkAccount(settings, check);
  check("seed", settings.seed, Number.isSafeInteger, "an integer");
  for (const name of ["faults", "hangs"] as const) {
    check(name, settings[name], (share) => share >= 0 && share <= 1, "a number from 0 to 1");
  }
  check("latencyScale", settings.latencyScale, isDelay, "a number of at least 0");
  if (typeof settings.networkMs === "number") check("networkMs", settings.networkMs, isDelay, "a number of at least 0");
  return settings;
};

const isDelay = (value: number): boolean => value >= 0 && value < Infinity;

const defaults = {
  seed: 1,
  networkMs: usualNetwork,
  latency: usualLatency,
  latencyScale: 1,
  faults: 0,
  hangs: 0,
  outages: [],
  reportOutput: false,
} as const;
