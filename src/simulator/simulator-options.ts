import { systemClock } from "../time/system-clock.ts";
import type { Clock } from "../time/clock.ts";
import { accountDefaults, type AccountOptions, type AccountSettings } from "./account-options.ts";
import type { FaultRates } from "./fault-kind.ts";
import { checkSettings } from "./check-settings.ts";

/** What the simulated provider is like. */
export interface SimulatorOptions extends AccountOptions {
  /** 0 takes any free port. @default 0 */
  readonly port?: number;
  /** @default '127.0.0.1' */
  readonly host?: string;
  /** The same seed draws the same answers, latencies and faults. @default 1 */
  readonly seed?: number;
  /** The median time to the first token. @default 0 */
  readonly firstTokenMs?: number;
  /** The median time between two tokens. @default 0 */
  readonly tokenMs?: number;
  /** The sigma of the log-normal factor on both times; 0 is exact. @default 0 */
  readonly latencySpread?: number;
  /** The median length of an answer. @default 12 */
  readonly outputTokens?: number;
  /** The share of calls, in [0, 1], that each fault hits; together at most 1. @default none */
  readonly faults?: FaultRates;
  /** How long a `silent`, `stall` or `drip` fault holds the connection. @default until the client leaves */
  readonly stallMs?: number;
  /** How late the answer of a `slow` fault is. @default 3_000 */
  readonly slowMs?: number;
  /** The time between two keep-alive comments of a `drip` fault. @default 100 */
  readonly dripMs?: number;
  /** Where a `redirect` fault points. @default an unknown path of this server, where followers are counted */
  readonly redirectTo?: string;
  /** The only key that is accepted. @default any */
  readonly apiKey?: string;
  /** How the lines of streams end. @default as the vendor ends them: `crlf` in Gemini's, `lf` elsewhere */
  readonly framing?: Framing;
  /** Whether streams begin with a byte order mark. @default false */
  readonly bom?: boolean;
  /** Whether streams are sent a byte at a time. @default false */
  readonly splitBytes?: boolean;
  /** @default 8 MiB */
  readonly maxBodyBytes?: number;
  /** How many calls the ledger keeps in detail; it counts all of them. @default 2_000_000 */
  readonly maxLedgerEntries?: number;
  readonly clock?: Clock;
}

/** How a line ends. */
export type Framing = "lf" | "crlf" | "cr";

type Own = Omit<SimulatorOptions, keyof AccountOptions>;
type Optional = "stallMs" | "redirectTo" | "apiKey" | "framing";

/** The options with their defaults. */
export type SimulatorSettings = AccountSettings & Required<Omit<Own, Optional>> & Pick<Own, Optional>;

/** Fills in the defaults and checks every option. */
export const simulatorSettings = (options: SimulatorOptions): SimulatorSettings => {
  const settings = { ...defaults, ...options };
  checkSettings(settings);
  return settings;
};

const defaults = {
  ...accountDefaults,
  port: 0,
  host: "127.0.0.1",
  seed: 1,
  firstTokenMs: 0,
  tokenMs: 0,
  latencySpread: 0,
  outputTokens: 12,
  faults: {},
  slowMs: 3_000,
  dripMs: 100,
  bom: false,
  splitBytes: false,
  maxBodyBytes: 8 * 1024 * 1024,
  maxLedgerEntries: 2_000_000,
  clock: systemClock,
} as const;
