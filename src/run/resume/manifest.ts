import { isJsonObject, type JsonObject } from "../../call/json.ts";
import { replaceFile } from "../files/durable-file.ts";
import type { Fs } from "../files/fs.ts";
import { readSmallFile } from "../files/small-file.ts";
import { tooNew } from "../run-error.ts";
import type { InputOptions } from "../run-options.ts";
import type { Asked } from "./asked.ts";
import type { InputFingerprint } from "./input-fingerprint.ts";

/** What a run folder says about the run that wrote it. */
export interface Manifest extends Asked, ReadingOf {
  readonly version: 2;
  /** The version of the program. */
  readonly sluice: string;
  /** The files, also those that a pattern meant, as they were named, seen from `cwd`; `-` for the standard input. */
  readonly inputs: readonly string[];
  /** One for each input; null for what could not be read. */
  readonly input_fingerprints: readonly (InputFingerprint | null)[];
  readonly output: string;
  /** The command line after the program's name; secrets in it are masked. Null for a run that a program made. */
  readonly words: readonly string[] | null;
  /** Whether something in `words` or `params` was masked. */
  readonly masked: boolean;
  readonly cwd: string | null;
  /** Of the newest process that worked on the run. */
  readonly started_at: string;
  readonly pid: number;
  /** The rows of the input, and the recorded rows that were not in it, when that process began. */
  readonly rows: number;
  readonly strangers: number;
  /** Settings under which other rows of the output were answered, the oldest first. */
  readonly history: readonly EarlierSettings[];
}

/** How a run reads its input; null for what nobody said. */
interface ReadingOf {
  readonly input_format: NonNullable<InputOptions["inputFormat"]> | null;
  readonly encoding: string | null;
  readonly input_errors: NonNullable<InputOptions["inputErrors"]> | null;
  /** Only the first rows. */
  readonly limit: number | null;
}

type ReadingOptions = Pick<InputOptions, "inputFormat" | "encoding" | "inputErrors" | "limit">;

/** How a run reads its input, as the manifest has it. */
export const readingBy = ({ inputFormat, encoding, inputErrors, limit }: ReadingOptions): ReadingOf => ({
  input_format: inputFormat ?? null,
  encoding: encoding ?? null,
  input_errors: inputErrors ?? null,
  limit: limit ?? null,
});

/** The same as options. */
export const readingIn = ({ input_format, encoding, input_errors, limit }: ReadingOf): ReadingOptions => ({
  ...(input_format === null ? {} : { inputFormat: input_format }),
  ...(encoding === null ? {} : { encoding }),
  ...(input_errors === null ? {} : { inputErrors: input_errors }),
  ...(limit === null ? {} : { limit }),
});

/** Settings that held for some rows of an output only. */
export interface EarlierSettings {
  /** When a process began to work under them. */
  readonly at: string;
  readonly by: "run" | "retry";
  readonly asked: Asked;
}

/** What the first version of the file has: of the templates no more than a hash. */
export interface FirstManifest {
  readonly version: 1;
  readonly model: string | null;
  readonly prompt_hash: string;
  /** `max_tokens` is among them as `maxOutputTokens`. */
  readonly params: JsonObject;
  readonly started_at: string;
}

/** What this program writes, and the latest that it reads. */
const manifestVersion = 2;

/** A file beyond this was not written by a run. */
const mostBytes = 64 * 1024 * 1024;

/**
 * Reads a manifest; `undefined` where there is none that can be understood: the output itself says what is done.
 *
 * @throws RunError when a later version of this program wrote it
 */
export const readManifest = async (fs: Fs, path: string): Promise<Manifest | FirstManifest | undefined> => {
  const value = parsed(await readSmallFile(fs, path, mostBytes));
  if (!isJsonObject(value)) return undefined;
  const { version } = value;
  if (typeof version === "number" && version > manifestVersion) throw tooNew(path, version, manifestVersion);
  if (isFirst(value)) return value;
  return isManifest(value) ? value : undefined;
};

const parsed = (content: string | undefined): unknown => {
  try {
    return JSON.parse(content ?? "");
  } catch {
    return undefined;
  }
};

/** Writes a manifest: after a crash there is the old one or the new one. */
export const writeManifest = (fs: Fs, path: string, manifest: Manifest): Promise<void> =>
  replaceFile(fs, path, [`${JSON.stringify(manifest, undefined, 2)}\n`]);

const isFirst = (value: object): value is FirstManifest => {
  const found: Readonly<Record<string, unknown>> = { ...value };
  const isOfTexts = typeof found["prompt_hash"] === "string" && typeof found["started_at"] === "string";
  return found["version"] === 1 && isOfTexts && isText(found["model"]) && isJsonObject(found["params"]);
};

const isManifest = (value: object): value is Manifest => {
  const found: Readonly<Record<string, unknown>> = { ...value };
  const { inputs, history, words } = found;
  return (
    found["version"] === manifestVersion &&
    isTexts(inputs) &&
    (words === null || isTexts(words)) &&
    Array.isArray(history) &&
    Array.isArray(found["input_fingerprints"]) &&
    isJsonObject(found["params"]) &&
    ["model", "prompt", "system", "id_column", "dialect", "operation", "cwd"].every((key) => isText(found[key])) &&
    ["input_format", "encoding", "input_errors"].every((key) => isText(found[key])) &&
    (found["limit"] === null || typeof found["limit"] === "number") &&
    ["rows", "strangers"].every((key) => typeof found[key] === "number") &&
    typeof found["started_at"] === "string"
  );
};

const isText = (value: unknown): boolean => value === null || typeof value === "string";

const isTexts = (value: unknown): boolean => Array.isArray(value) && value.every((item) => typeof item === "string");
