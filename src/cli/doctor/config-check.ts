import { type Config, loadConfig, typedConfig } from "../config/config.ts";
import type { Host } from "../host.ts";
import type { ConfigFlags, OptionFlags } from "../run/run-flags.ts";
import { type Settled, settled } from "../run/settled.ts";
import { UsageError } from "../usage-error.ts";
import { broken, type Check, ok, warning } from "./check.ts";
import type { DoctorWords } from "./doctor-words.ts";

/** What is wrong with the configuration, if anything, and what holds without it then. */
export interface ConfigDiagnosis {
  readonly checks: readonly Check[];
  readonly settled: Settled;
}

/** Reads the configuration; one that is wrong is a finding. @throws UsageError when a flag or a variable is wrong */
export const configDiagnosis = async (
  flags: OptionFlags & ConfigFlags,
  host: Host,
  words: DoctorWords,
): Promise<ConfigDiagnosis> => {
  try {
    const config = await loadConfig(flags, host);
    return { settled: await settled(config, host.environment), checks: checksOf(config, words) };
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    const typed = await settled(typedConfig(flags, host.environment), host.environment);
    const [headline = "", ...notes] = error.message.split("\n").map((line) => line.trim().replace(/\s+/g, " "));
    const detail = [headline, ...notes].join("; ");
    return { settled: typed, checks: [{ ...broken("config", detail, words.configFix), misconfigured: true }] };
  }
};

const checksOf = ({ files, warnings }: Config, words: DoctorWords): readonly Check[] => [
  ok("config", files.length === 0 ? words.noConfig : files.join(", ")),
  ...warnings.map((text) => warning("config", text, words.configKeyFix)),
];
