import { closest } from "../../call/did-you-mean.ts";
import { UsageError } from "../usage-error.ts";
import { pathText } from "./setting.ts";

/** A file that settings are read from. */
export interface ConfigSource {
  /** As messages name it. */
  readonly name: string;
  /** The folder that paths in it start from. */
  readonly folder: string;
  /** What it says, of whatever shape. */
  readonly content: unknown;
  /** The file and line where a value stands. */
  readonly originOf: (path: readonly string[]) => string;
  /** Whether these words stand in the file as they are. */
  readonly contains: (words: string) => boolean;
}

/** A value that is not what it must be. */
export const badValue = (source: ConfigSource, path: readonly string[], must: string, value: unknown): UsageError =>
  new UsageError(`${pathText(path)} must be ${must}, got ${shownValue(path, value)}`, [placeNote(source, path)]);

/** What stands among the providers may be a key that was written one line too early. */
const shownValue = ([first, , third]: readonly string[], value: unknown): string =>
  first === "providers" && third !== "limits" ? kindOf(value) : JSON.stringify(value);

const kindOf = (value: unknown): string =>
  value === null ? "null" : Array.isArray(value) ? "a list" : `a ${typeof value}`;

/** The line of a message that says where something stands. */
export const placeNote = (source: ConfigSource, path: readonly string[]): string =>
  `in         ${source.originOf(path)}`;

/** The entries of an object whose names must be known; what is undefined or null is absent. @throws UsageError */
export const entriesOf = (
  source: ConfigSource,
  path: readonly string[],
  value: unknown,
  known?: readonly string[],
): readonly (readonly [string, unknown])[] => {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw path.length === 0
      ? new UsageError(`${source.name} must hold an object, such as { model: "openai/gpt-5-mini" }`)
      : badValue(source, path, "an object", value);
  }
  const stranger = known === undefined ? undefined : Object.keys(value).find((name) => !known.includes(name));
  if (stranger !== undefined) throw unknownKey(source, [...path, stranger], known ?? []);
  return Object.entries(value).filter(([, inner]) => inner !== undefined && inner !== null);
};

const unknownKey = (source: ConfigSource, path: readonly string[], known: readonly string[]): UsageError => {
  const meant = closest(path.at(-1) ?? "", known);
  return new UsageError(`unknown key ${pathText(path)}${meant === undefined ? "" : ` (did you mean ${meant}?)`}`, [
    placeNote(source, path),
    `known      ${known.join(", ")}`,
  ]);
};
