import type { Host } from "../host.ts";
import type { ConfigFlags, OptionFlags } from "../run/run-flags.ts";
import type { ConfigSource } from "./config-source.ts";
import { checkProviders } from "./check-providers.ts";
import { addEnvFiles } from "./env-files.ts";
import { findConfigs, repositoryOf } from "./find-config.ts";
import { readSettings } from "./read-settings.ts";
import { holdsKeys, type Layer, mergeLayers, pathText } from "./setting.ts";
import { defaultLayer, flagLayer, variableLayer } from "./typed-layers.ts";

/** What holds for a command, from all that says something. */
export interface Config {
  /** One of each path, without the defaults. */
  readonly settings: Layer;
  /** The files that it was read from, the one that counts least first. */
  readonly files: readonly string[];
  /** What the user should know, such as a key that lies where others can read it. */
  readonly warnings: readonly string[];
}

/** Reads flags, variables and files; the variables of `.env` are given to this process. @throws UsageError */
export const loadConfig = async (flags: OptionFlags & ConfigFlags, host: Host): Promise<Config> => {
  const origins = await addEnvFiles(flags, host);
  const { environment } = host;
  const sources = await findConfigs(flags.config, host);
  const files = sources.map((source) => readSettings(source, environment));
  const variables = variableLayer(environment, (name) => origins.get(name) ?? name);
  const settings = mergeLayers([...files, variables, flagLayer(flags)]);
  checkProviders(settings);
  return {
    settings,
    files: sources.map(({ name }) => name),
    warnings: sources.flatMap((source, index) => keyWarnings(source, files[index] ?? [])),
  };
};

/** A configuration without any file. @throws UsageError */
export const typedConfig = (flags: OptionFlags, environment: Host["environment"]): Config => ({
  settings: mergeLayers([variableLayer(environment), flagLayer(flags)]),
  files: [],
  warnings: [],
});

/** The settings, and what holds where none is set. */
export const withDefaults = ({ settings }: Config): Layer => mergeLayers([defaultLayer, settings]);

/** A key that stands in a repository is read by all who read that. */
const keyWarnings = (source: ConfigSource, settings: Layer): readonly string[] => {
  const literal = settings.find(
    ({ path, value }) => holdsKeys(path) && (value as readonly string[]).some((key) => source.contains(key)),
  );
  if (literal === undefined || repositoryOf(source.folder) === undefined) return [];
  return [
    `${literal.origin} holds a key itself, in a folder under git: write "$VARIABLE" there, and the key into .env (${pathText(literal.path)})`,
  ];
};
