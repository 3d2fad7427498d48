import { readFile } from "node:fs/promises";
import { checkPriceOverrides, type PriceOverrides } from "../../provider/prices/price-overrides.ts";
import { UsageError } from "../usage-error.ts";
import type { Config } from "./config.ts";
import { loadContent } from "./load-content.ts";
import { settingAt } from "./setting.ts";

/** The prices that a configuration holds or names the file of; absent when it has none. @throws UsageError */
export const readPrices = async ({ settings }: Config): Promise<PriceOverrides | undefined> => {
  const setting = settingAt(settings, ["prices"]);
  if (setting === undefined) return undefined;
  const content =
    typeof setting.value === "string" ? await fromFile(setting.value, setting.text, setting.origin) : setting.value;
  try {
    return checkPriceOverrides(content);
  } catch (error) {
    const place = typeof setting.value === "string" ? `${setting.text}, named in ${setting.origin}` : setting.origin;
    throw new UsageError(error instanceof Error ? error.message : String(error), [`in         ${place}`]);
  }
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
