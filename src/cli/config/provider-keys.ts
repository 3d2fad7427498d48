import type { ConfigProvider } from "../../client/config.ts";
import { maskKey } from "../../provider/redact.ts";
import { isSecretName } from "../../provider/request-headers.ts";
import { UsageError } from "../usage-error.ts";
import { badValue, type ConfigSource, entriesOf, placeNote } from "./config-source.ts";
import { type Layer, pathText, type Setting } from "./setting.ts";

/** What a provider is read with. */
export interface ProviderReader {
  readonly source: ConfigSource;
  readonly environment: (name: string) => string | undefined;
}

/** The settings of one provider; its keys all come to stand under `keys`. @throws UsageError */
export const providerSettings = (
  reader: ProviderReader,
  path: readonly string[],
  value: unknown,
  limits: (reader: ProviderReader, path: readonly string[], value: unknown) => Layer,
): Layer => {
  const entries = entriesOf(reader.source, path, value, Object.keys(kinds));
  const [first, second] = entries.filter(([name]) => kindOf(name) === "keys");
  if (first !== undefined && second !== undefined) {
    throw new UsageError(`${pathText(path)} has both ${first[0]} and ${second[0]}; give one of them`, [
      placeNote(reader.source, [...path, second[0]]),
    ]);
  }
  return entries.flatMap(([name, inner]) => {
    const here = [...path, name];
    const kind = kindOf(name);
    if (kind === "limits") return limits(reader, here, inner);
    if (kind === "headers") return headers(reader.source, here, inner);
    return kind === "keys" ? [keys(reader, path, here, inner)] : [text(reader.source, here, inner)];
  });
};

const kinds: Readonly<Record<keyof ConfigProvider, "keys" | "text" | "headers" | "limits">> = {
  keys: "keys",
  key: "keys",
  apiKey: "keys",
  apiKeys: "keys",
  baseURL: "text",
  dialect: "text",
  headers: "headers",
  limits: "limits",
};

const kindOf = (name: string): (typeof kinds)[keyof ConfigProvider] => kinds[name as keyof ConfigProvider];

const keys = (
  reader: ProviderReader,
  provider: readonly string[],
  path: readonly string[],
  value: unknown,
): Setting => {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (list.length === 0 || !list.every((key) => typeof key === "string" && key.trim() !== "")) {
    throw badValue(reader.source, path, 'a key such as "$OPENAI_API_KEY", or a list of them', hidden(value));
  }
  const found = list.map((key) => resolveKey(reader, path, String(key).trim()));
  const masks = found.map(maskKey);
  return {
    path: [...provider, "keys"],
    value: found,
    text: masks.length === 1 ? masks.join("") : `[${masks.join(", ")}]`,
    origin: reader.source.originOf(path),
  };
};

/** What stands where a key belongs may be one, though of the wrong shape. */
const hidden = (value: unknown): unknown => (Array.isArray(value) && value.length === 0 ? value : typeof value);

const resolveKey = ({ source, environment }: ProviderReader, path: readonly string[], key: string): string => {
  const variable = /^\$\{?(\w+)\}?$/.exec(key)?.[1];
  if (variable === undefined) return key;
  const found = environment(variable);
  if (found !== undefined) return found;
  throw new UsageError(`${pathText(path)} names $${variable}, and no such variable is set`, [
    placeNote(source, path),
    `looked in  the environment, .env.local, .env`,
    `fix        export ${variable}=…`,
  ]);
};

const headers = (source: ConfigSource, path: readonly string[], value: unknown): Layer =>
  entriesOf(source, path, value).map(([name, header]) => {
    const { value: words, ...rest } = text(source, [...path, name], header);
    return { ...rest, value: words, text: isSecretName(name) ? maskKey(String(words)) : rest.text };
  });

const text = (source: ConfigSource, path: readonly string[], value: unknown): Setting => {
  if (typeof value !== "string" || value.trim() === "") throw badValue(source, path, "text", value);
  return { path, value: value.trim(), text: value.trim(), origin: source.originOf(path) };
};
