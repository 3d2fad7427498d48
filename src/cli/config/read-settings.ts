import { resolve } from "node:path";
import type { SluiceConfig } from "../../client/config.ts";
import { UsageError } from "../usage-error.ts";
import { badValue, type ConfigSource, entriesOf, placeNote } from "./config-source.ts";
import { limitKeys, type OptionKey, optionKeys } from "./option-keys.ts";
import { type ProviderReader, providerSettings } from "./provider-keys.ts";
import type { Layer, Setting } from "./setting.ts";

/** The settings of a file. @throws UsageError that names the file, the line and the key */
export const readSettings = (source: ConfigSource, environment: ProviderReader["environment"]): Layer =>
  entriesOf(source, [], source.content, configNames).flatMap(([name, value]) =>
    readers[name as keyof SluiceConfig]({ source, environment }, [name], value),
  );

type Reader = (reader: ProviderReader, path: readonly string[], value: unknown) => Layer;

/** Reads a value that flags can give too. */
const option: Reader = ({ source }, path, value) => {
  const found = optionKeys.find((known) => known.path.join(".") === path.join("."));
  return found === undefined ? [] : [readOption(source, path, value, found)];
};

const readOption = (source: ConfigSource, path: readonly string[], value: unknown, { parse }: OptionKey): Setting => {
  if (typeof value !== "string" && typeof value !== "number") throw badValue(source, path, "text or a number", value);
  const place = path.join(".");
  try {
    const parsed = parse(String(value), place);
    const text = typeof parsed === "number" && path.includes("limits") ? String(parsed) : String(value);
    return { path, value: parsed, text, origin: source.originOf(path) };
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    throw new UsageError(error.message, [placeNote(source, path)]);
  }
};

const limits: Reader = ({ source }, path, value) =>
  entriesOf(source, path, value, [...limitKeys.keys()]).flatMap(([name, rate]) => {
    const known = limitKeys.get(name);
    return known === undefined ? [] : [readOption(source, [...path, name], rate, known)];
  });

const modelLists: Reader = ({ source }, path, value) =>
  entriesOf(source, path, value).map(([name, models]) => {
    const here = [...path, name];
    const isList = Array.isArray(models) && models.length > 0 && models.every((model) => typeof model === "string");
    if (!isList) throw badValue(source, here, "a list of at least one provider/model", models);
    return { path: here, value: models, text: `[${models.join(", ")}]`, origin: source.originOf(here) };
  });

const providers: Reader = (reader, path, value) =>
  entriesOf(reader.source, path, value).flatMap(([name, settings]) =>
    providerSettings(reader, [...path, name], settings, limits),
  );

const prices: Reader = ({ source }, path, value) => {
  const origin = source.originOf(path);
  if (typeof value === "string") return [{ path, value: resolve(source.folder, value), text: value, origin }];
  const inner = entriesOf(source, path, value);
  return [{ path, value: Object.fromEntries(inner), text: JSON.stringify(value), origin }];
};

const readers: Readonly<Record<keyof SluiceConfig, Reader>> = {
  model: option,
  baseURL: option,
  providers,
  deployments: modelLists,
  fallbacks: modelLists,
  limits,
  prices,
  retries: option,
  timeout: option,
  timeoutFirst: option,
  timeoutIdle: option,
  timeoutTotal: option,
  onQuota: option,
  progress: option,
};

/** The names at the top of a file, in the order in which they are shown. */
export const configNames: readonly string[] = Object.keys(readers);
