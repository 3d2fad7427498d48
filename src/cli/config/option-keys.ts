import { parseChoice } from "../parse/parse-choice.ts";
import { parseConcurrency } from "../parse/parse-concurrency.ts";
import { parseCount } from "../parse/parse-count.ts";
import { parseDuration } from "../parse/parse-duration.ts";
import { parseRate } from "../parse/parse-rate.ts";
import { parseWhole } from "../parse/parse-whole.ts";
import type { OptionFlags } from "../run/run-flags.ts";
import { UsageError } from "../usage-error.ts";

/** A value that can stand in a flag, in a variable and in a file. */
export interface OptionKey {
  readonly path: readonly string[];
  /** The flag's name in commander. */
  readonly field: keyof OptionFlags;
  readonly flag: string;
  readonly variable: string;
  /** Reads the text of it. @throws UsageError that begins with the place */
  readonly parse: (text: string, place: string) => unknown;
  /** Shown where nobody sets it. */
  readonly usual?: string;
}

/** Reads what must not be empty, and stays as it is. */
const parseText = (text: string, place: string): string => {
  if (text.trim() !== "") return text.trim();
  throw new UsageError(`${place} must not be empty`);
};

const parseRetries = (text: string, place: string): number => parseWhole(text, place, 0, 1000);

const parseTotal = (text: string, place: string): number | "none" =>
  text === "none" ? text : parseDuration(text, place);

const parseOnQuota = (text: string, place: string): string => parseChoice(text, place, ["fail", "wait"]);

const parseProgress = (text: string, place: string): string =>
  parseChoice(text, place, ["auto", "tty", "plain", "json", "none"]);

const key = (path: string, field: keyof OptionFlags, parse: OptionKey["parse"], usual?: string): OptionKey => {
  const flag = field.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  return {
    path: path.split("."),
    field,
    flag: `--${flag}`,
    variable: `SLUICE_${flag.replaceAll("-", "_").toUpperCase()}`,
    parse,
    ...(usual === undefined ? {} : { usual }),
  };
};

/** All of them, in the order in which they are shown. */
export const optionKeys: readonly OptionKey[] = [
  key("model", "model", parseText),
  key("baseURL", "baseUrl", parseText),
  key("limits.concurrency", "concurrency", parseConcurrency, "auto"),
  key("limits.rpm", "rpm", parseRate, "learned"),
  key("limits.tpm", "tpm", parseRate, "learned"),
  key("limits.itpm", "itpm", parseRate),
  key("limits.otpm", "otpm", parseRate),
  key("limits.rpd", "rpd", parseCount),
  key("limits.tpd", "tpd", parseCount),
  key("retries", "retries", parseRetries, "5"),
  key("timeout", "timeout", parseDuration, "10m"),
  key("timeoutFirst", "timeoutFirst", parseDuration, "2m"),
  key("timeoutIdle", "timeoutIdle", parseDuration, "1m"),
  key("timeoutTotal", "timeoutTotal", parseTotal, "none"),
  key("onQuota", "onQuota", parseOnQuota, "fail"),
  key("progress", "progress", parseProgress, "auto"),
];

/** The limits among them, by their names. */
export const limitKeys: ReadonlyMap<string, OptionKey> = new Map(
  optionKeys.flatMap((option) => {
    const [first, name] = option.path;
    return first === "limits" && name !== undefined ? [[name, option] as const] : [];
  }),
);
