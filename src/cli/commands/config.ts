import { loadConfig, withDefaults } from "../config/config.ts";
import { configJSON, configTable, configYAML } from "../config/config-text.ts";
import { printableLine } from "../display/printable.ts";
import { wantsChinese } from "../display/terminal-style.ts";
import { wordsFor } from "../display/words-for.ts";
import type { Host } from "../host.ts";
import type { ConfigFlags, OptionFlags } from "../run/run-flags.ts";

/** The flags of `sluice config`. */
export interface ConfigCommandFlags extends OptionFlags, ConfigFlags {
  /** Shows where each value stands. */
  readonly origin?: boolean;
  readonly json?: boolean;
}

/** `sluice config`: what a command would go by, and why. @throws UsageError */
export const config = async (flags: ConfigCommandFlags, host: Host): Promise<number> => {
  const { origin = false, json = false } = flags;
  const loaded = await loadConfig(flags, host);
  const settings = withDefaults(loaded);
  for (const warning of loaded.warnings) host.stderr.write(`warning: ${printableLine(warning)}\n`);
  const words = wordsFor(wantsChinese(host.environment));
  const asText = async (): Promise<string> => (origin ? configTable(settings, words) : configYAML(settings));
  host.stdout.write(`${json ? configJSON(settings, origin) : await asText()}\n`);
  return 0;
};
