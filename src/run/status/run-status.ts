import { isJsonObject } from "../../call/json.ts";
import type { Money } from "../../call/money.ts";
import type { RunSummary } from "../run-summary.ts";

/** Where a run stands, as it tells others in its folder: `state.json`. */
export interface RunStatus {
  readonly version: 1;
  readonly pid: number;
  readonly host: string;
  readonly model: string;
  readonly input: string;
  readonly output: string;
  /** Where the command was typed. */
  readonly cwd: string;
  /** The command that goes on with the run; absent when nothing can. */
  readonly command?: string;
  readonly phase: "running" | "draining" | "aborting" | "ended";
  readonly rows: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly resumed: number;
  /** Rows with no outcome yet. */
  readonly remaining: number;
  readonly in_flight: number;
  readonly requests_per_minute: number;
  readonly attempts: number;
  readonly eta_ms?: number;
  readonly bound_by?: string;
  readonly costs: readonly Money[];
  readonly unpriced_calls: number;
  readonly started_at: string;
  readonly updated_at: string;
  readonly outcome?: RunSummary["outcome"] | "error";
  readonly exit_code?: number;
  /** Why it ended, where that was an error. */
  readonly message?: string;
  readonly possibly_paid_twice?: number;
  readonly possibly_paid_at_most?: readonly Money[];
  readonly possibly_paid_unpriced?: number;
}

/** A status as it is written. */
export const statusText = (status: RunStatus): string => `${JSON.stringify(status)}\n`;

/** Reads a status; nothing when the text is none that this program wrote. */
export const parseStatus = (text: string): RunStatus | undefined => {
  try {
    const value: unknown = JSON.parse(text);
    if (!isJsonObject(value) || value["version"] !== 1) return undefined;
    const isWhole =
      numbers.every((name) => typeof value[name] === "number") && texts.every((name) => isText(value[name]));
    const { costs, possibly_paid_at_most: atMost = [] } = value;
    return isWhole && isMoneys(costs) && isMoneys(atMost) ? (value as unknown as RunStatus) : undefined;
  } catch {
    return undefined;
  }
};

const numbers = [
  "pid",
  "rows",
  "succeeded",
  "failed",
  "resumed",
  "remaining",
  "in_flight",
  "requests_per_minute",
  "attempts",
  "unpriced_calls",
] as const satisfies readonly (keyof RunStatus)[];

const texts = [
  "host",
  "model",
  "input",
  "output",
  "cwd",
  "phase",
  "started_at",
  "updated_at",
] as const satisfies readonly (keyof RunStatus)[];

const isText = (value: unknown): boolean => typeof value === "string";

const isMoneys = (value: unknown): boolean =>
  Array.isArray(value) &&
  value.every((sum) => isJsonObject(sum) && typeof sum["amount"] === "number" && isCurrency(sum["currency"]));

const isCurrency = (value: unknown): boolean => value === "USD" || value === "CNY";
