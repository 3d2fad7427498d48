import { resolve } from "node:path";
import type { Operation } from "../../call/call.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../../call/json.ts";
import { wireFormat } from "../../provider/wire-formats.ts";
import { openInput } from "../open-input.ts";
import type { InputOptions } from "../run-options.ts";
import { RunError } from "../run-error.ts";
import { InputError } from "../source/input-error.ts";
import type { RowIndex } from "../source/row-index.ts";
import type { Source } from "../source/source.ts";

/** The input of an earlier run, read as that run has read it. */
export interface EarlierInput {
  readonly source: Source;
  readonly index: RowIndex;
}

/** What is known of an earlier run. */
export interface EarlierRun {
  /** What its folder says; absent when there is nothing readable. */
  readonly manifest?: JsonObject | undefined;
  /** The working directory, for paths in a manifest that names no other. */
  readonly folder: string;
  /** What its command line said of the input besides. @default nothing */
  readonly flags?: Partial<Pick<InputOptions, "limit" | "inputFormat" | "encoding" | "inputErrors">>;
}

/** Opens the input of an earlier run again; or says why that cannot be. */
export const earlierInput = async (run: EarlierRun, signal: AbortSignal): Promise<EarlierInput | string> => {
  const options = inputOptions(run);
  if (options === undefined) return "the run's folder does not say what its input was";
  if (options.input === "-") return "the input was the standard input";
  try {
    const source = await openInput({ ...options, sendOrder: "input" }, options.input);
    return { source, index: await source.validate(signal) };
  } catch (error) {
    if (!(error instanceof InputError || error instanceof RunError)) throw error;
    return error.message.split("\n")[0] ?? error.message;
  }
};

/** The settings by which rows without an id of their own are known again. */
const inputOptions = ({ manifest = {}, folder, flags = {} }: EarlierRun): InputOptions | undefined => {
  const { inputs, input, cwd, params } = manifest;
  const [first] = Array.isArray(inputs) ? (inputs as readonly JsonValue[]) : [input];
  if (typeof first !== "string") return undefined;
  const text = (key: string): string | undefined => {
    const value = manifest[key];
    return typeof value === "string" ? value : undefined;
  };
  const [model, prompt, system, idColumn, dialect] = ["model", "prompt", "system", "id_column", "dialect"].map(text);
  const { max_tokens: maxOutputTokens, operation } = manifest;
  return {
    input: first === "-" ? first : resolve(typeof cwd === "string" ? cwd : folder, first),
    ...flags,
    ...(model === undefined ? {} : { model }),
    ...(prompt === undefined ? {} : { prompt }),
    ...(system === undefined ? {} : { system }),
    ...(idColumn === undefined ? {} : { idColumn }),
    ...(dialect === undefined ? {} : { dialect }),
    ...(isJsonObject(params) ? { params } : {}),
    ...(typeof maxOutputTokens === "number" ? { maxOutputTokens } : {}),
    ...(isOperation(operation) ? { operation } : {}),
    ...(manifest["override_model"] === true ? { overrideModel: true } : {}),
  };
};

const isOperation = (value: JsonValue | undefined): value is Operation =>
  typeof value === "string" && (wireFormat(value as Operation) as unknown) !== undefined;
