import type { LLMOptions } from "../../client/llm-options.ts";
import { type Config, loadConfig } from "../config/config.ts";
import { type ConfiguredOptions, configuredOptions } from "../config/configured-options.ts";
import { readPrices } from "../config/read-prices.ts";
import { settingAt } from "../config/setting.ts";
import { printableLine } from "../display/printable.ts";
import type { Host } from "../host.ts";
import type { ConfigFlags, OptionFlags } from "./run-flags.ts";
import type { TargetSettings } from "./run-target.ts";

/** What holds for a command, from its flags, the environment and the configuration. */
export interface Settled {
  readonly config: Config;
  readonly configured: ConfiguredOptions & Pick<LLMOptions, "prices">;
  readonly targets: TargetSettings;
}

/** Reads what holds, and tells the user what is to be known about it. @throws UsageError */
export const settledOn = async (flags: OptionFlags & ConfigFlags, host: Host): Promise<Settled> => {
  const config = await loadConfig(flags, host);
  for (const warning of config.warnings) host.stderr.write(`warning: ${printableLine(warning)}\n`);
  return settled(config, host.environment);
};

/** The same, of what was read already. @throws UsageError when its prices cannot be read, or are none */
export const settled = async (config: Config, environment: Host["environment"]): Promise<Settled> => {
  const options = configuredOptions(config, environment);
  const prices = await readPrices(config);
  const keyOrigin = (provider: string): string | undefined =>
    settingAt(config.settings, ["providers", provider, "keys"])?.origin;
  return {
    config,
    configured: { ...options, ...(prices === undefined ? {} : { prices }) },
    targets: { ...options, keyOrigin },
  };
};
