import { findVendor, vendorNames } from "../../provider/vendors.ts";
import { closest } from "../../call/did-you-mean.ts";
import { UsageError } from "../usage-error.ts";
import { type Layer, type Setting, settingAt, settingsBelow } from "./setting.ts";

/** Checks that it is known where each provider is and what it speaks. @throws UsageError */
export const checkProviders = (settings: Layer): void => {
  for (const name of new Set(settingsBelow(settings, ["providers"]).map(({ path }) => path[1] ?? ""))) {
    const dialect = settingAt(settings, ["providers", name, "dialect"]);
    if (dialect !== undefined && findVendor(dialect.text) === undefined) throw unknownDialect(dialect);
    const baseURL = settingAt(settings, ["providers", name, "baseURL"]) ?? settingAt(settings, ["baseURL"]);
    if (baseURL === undefined && findVendor(dialect?.text ?? name) === undefined) throw unknownProvider(settings, name);
  }
};

const unknownDialect = ({ path, text, origin }: Setting): UsageError =>
  new UsageError(`${path.join(".")}: unknown provider ${JSON.stringify(text)}${meant(text)}`, [
    `in         ${origin}`,
    `known      ${vendorNames.join(", ")}`,
  ]);

const unknownProvider = (settings: Layer, name: string): UsageError =>
  new UsageError(`providers.${name}: no provider of that name is known${meant(name)}`, [
    `in         ${settingsBelow(settings, ["providers", name])[0]?.origin ?? ""}`,
    `fix        give it an address: baseURL: http://localhost:8000/v1`,
  ]);

const meant = (name: string): string => {
  const found = closest(name, vendorNames);
  return found === undefined ? "" : ` (did you mean ${found}?)`;
};
