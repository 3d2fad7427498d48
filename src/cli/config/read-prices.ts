import { readFile } from "node:fs/promises";
import { UsageError } from "../usage-error.ts";
import type { Config } from "./config.ts";
import { loadContent } from "./load-content.ts";
import { settingAt } from "./setting.ts";

/** Prices as a file holds them; whoever counts money knows their form. */
export type PricesContent = Readonly<Record<string, unknown>>;

/** The prices that a configuration holds or names the file of; absent when it has none. @throws UsageError */
export const readPrices = async ({ settings }: Config): Promise<PricesContent | undefined> => {
  const setting = settingAt(settings, ["prices"]);
  if (setting === undefined) return undefined;
  const content =
    typeof setting.value === "string" ? await fromFile(setting.value, setting.text, setting.origin) : setting.value;
  if (isObject(content)) return content;
  throw new UsageError(`prices: ${setting.text} must hold an object`, [`in         ${setting.origin}`]);
};

const fromFile = async (path: string, name: string, origin: string): Promise<unknown> => {
  if (!/\.(?:json|ya?ml)$/.test(path)) {
    throw new UsageError(
      `prices must be an object, or the path of a .json or .yaml file, got ${JSON.stringify(name)}`,
      [`in         ${origin}`],
    );
  }
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    throw new UsageError(`prices: cannot read ${name}`, [
      error instanceof Error ? error.message : String(error),
      `in         ${origin}`,
    ]);
  }
  return loadContent(path, text, name);
};

const isObject = (value: unknown): value is PricesContent =>
  typeof value === "object" && value !== null && !Array.isArray(value);
