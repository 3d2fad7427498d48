import { checkAccount } from "./check-account.ts";
import { type OptionCheck, optionCheck, wholeUpTo } from "./check-option.ts";
import { faultKinds } from "./fault-kind.ts";
import type { SimulatorSettings } from "./simulator-options.ts";

/** Refuses settings that mean nothing, before a server is started with them. */
export const checkSettings = (settings: SimulatorSettings): void => {
  check("port", settings.port, wholeUpTo(0, 65_535), "an integer from 0 to 65535");
  check("seed", settings.seed, Number.isSafeInteger, "an integer");
  checkAccount(settings, check);
  if (settings.stallMs !== undefined) check("stallMs", settings.stallMs, wholeUpTo(1), "a positive integer");
  for (const name of ["dripMs", "outputTokens", "maxBodyBytes"] as const) {
    check(name, settings[name], wholeUpTo(1), "a positive integer");
  }
  check("maxLedgerEntries", settings.maxLedgerEntries, wholeUpTo(0), "an integer of at least 0");
  for (const name of ["firstTokenMs", "tokenMs", "latencySpread", "slowMs"] as const) {
    check(name, settings[name], (value) => value >= 0 && value < Infinity, "a number of at least 0");
  }
  check("framing", settings.framing, isFraming, `one of ${framings.join(", ")}`);
  checkFaults(settings.faults);
};

const framings = ["lf", "crlf", "cr"];

const isFraming = (framing: SimulatorSettings["framing"]): boolean =>
  framing === undefined || framings.includes(framing);

const checkFaults = (faults: SimulatorSettings["faults"]): void => {
  const known: readonly string[] = faultKinds;
  let sum = 0;
  for (const [kind, rate] of Object.entries(faults)) {
    if (!known.includes(kind))
      throw new RangeError(`${cannot}: "faults" knows no "${kind}"; it knows ${known.join(", ")}`);
    check(`faults.${kind}`, rate, (value) => value >= 0 && value <= 1, "a rate from 0 to 1");
    sum += rate;
  }
  check("faults", sum, (value) => value <= 1 + 1e-9, "rates that add up to at most 1");
};

const cannot = "Cannot start the simulator";
const check: OptionCheck = optionCheck(cannot);
