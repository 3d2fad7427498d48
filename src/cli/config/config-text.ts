import { lineWidth, padColumns, span } from "../display/line.ts";
import { printable, printableLine } from "../display/printable.ts";
import type { Words } from "../display/words.ts";
import { maskKey } from "../../provider/redact.ts";
import { shownAddress } from "../../provider/shown-address.ts";
import { configNames } from "./read-settings.ts";
import { holdsKeys, type Layer, pathText, type Setting } from "./setting.ts";

/** Settings in three columns: what they are called, what they are, where they stand. */
export const configTable = (settings: Layer, { config }: Pick<Words, "config">): string => {
  const rows = grouped(settings).map((setting) =>
    [pathText(setting.path), shownText(setting), setting.origin].map(printableLine),
  );
  const all = [[config.key, config.value, config.origin], ...rows];
  const widths = [0, 1].map((column) => Math.max(...all.map((row) => lineWidth([span(row[column] ?? "")]))));
  return all
    .map((row) =>
      row
        .map((cell, column) => padColumns(cell, widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
};

/** Settings as a YAML file would hold them, but for the keys, which are masked. */
export const configYAML = async (settings: Layer): Promise<string> => {
  const { stringify } = await import("yaml");
  return printable(stringify(nested(grouped(settings)), { lineWidth: 0 }).trimEnd());
};

/** Settings as JSON: as a file would hold them, or with their origins one after the other. */
export const configJSON = (settings: Layer, origins: boolean): string => {
  const shown = grouped(settings);
  const list = shown.map((setting) => ({
    key: pathText(setting.path),
    value: shownValue(setting),
    origin: setting.origin,
  }));
  return JSON.stringify(origins ? list : nested(shown), null, 2);
};

/** What belongs together one after the other: what is single first, then what has parts. */
const grouped = (settings: Layer, depth = 0): Layer => {
  const names = [...new Set(settings.map(({ path }) => path[depth] ?? ""))];
  const order = depth === 0 ? configNames.filter((name) => names.includes(name)) : names;
  return order.flatMap((name) => {
    const own = settings.filter(({ path }) => path[depth] === name);
    const leaves = own.filter(({ path }) => path.length === depth + 1);
    return [
      ...leaves,
      ...(leaves.length === own.length
        ? []
        : grouped(
            own.filter((one) => !leaves.includes(one)),
            depth + 1,
          )),
    ];
  });
};

interface Tree {
  [name: string]: unknown;
}

const nested = (settings: Layer, depth = 0): Tree =>
  Object.fromEntries(
    [...new Set(settings.map(({ path }) => path[depth] ?? ""))].map((name) => {
      const own = settings.filter(({ path }) => path[depth] === name);
      const leaf = own.find(({ path }) => path.length === depth + 1);
      return [name, leaf === undefined ? nested(own, depth + 1) : shownValue(leaf)];
    }),
  );

const shownText = ({ path, text }: Pick<Setting, "path" | "text">): string =>
  path.at(-1) === "baseURL" ? shownAddress(text) : text;

const shownValue = ({ path, value, text }: Setting): unknown => {
  if (holdsKeys(path)) return (value as readonly string[]).map(maskKey);
  if (path.at(-1) === "baseURL") return shownText({ path, text });
  if (typeof value === "object" && path.at(-1) !== "concurrency") return value;
  return /^\d+$/.test(text) ? Number(text) : text;
};
