import { closest } from "../../call/did-you-mean.ts";
import { type FaultKind, faultKinds, type FaultRates } from "../../simulator/fault-kind.ts";
import { UsageError } from "../usage-error.ts";

/** Reads `kind=rate` faults, the rate as a share (`0.02`) or in percent (`2%`). @throws UsageError */
export const parseFaults = (settings: readonly string[]): FaultRates => {
  const rates: Partial<Record<FaultKind, number>> = {};
  for (const setting of settings) {
    const equals = setting.lastIndexOf("=");
    const kind = kindOf(equals < 0 ? setting : setting.slice(0, equals));
    rates[kind] = rateOf(equals < 0 ? "" : setting.slice(equals + 1), setting);
  }
  const sum = Object.values(rates).reduce((total, rate) => total + rate, 0);
  if (sum > 1 + 1e-9) throw new UsageError(`the rates of --fault add up to ${sum}; together they may be at most 1`);
  return rates;
};

const kindOf = (name: string): FaultKind => {
  const kind = faultKinds.find((known) => known === name);
  if (kind !== undefined) return kind;
  const meant = closest(name, faultKinds);
  throw new UsageError(
    `unknown fault ${JSON.stringify(name)}${meant === undefined ? "" : ` (did you mean ${meant}?)`}`,
    [`known: ${faultKinds.join(", ")}`],
  );
};

const rateOf = (text: string, setting: string): number => {
  const percent = text.endsWith("%");
  const digits = percent ? text.slice(0, -1) : text;
  const rate = /^(?:\d+(?:\.\d*)?|\.\d+)$/.test(digits) ? Number(digits) / (percent ? 100 : 1) : Number.NaN;
  if (rate >= 0 && rate <= 1) return rate;
  throw new UsageError(
    `--fault must be kind=rate with a rate from 0 to 1, such as 500=0.02, got ${JSON.stringify(setting)}`,
  );
};
