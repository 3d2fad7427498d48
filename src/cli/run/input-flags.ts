import { basename } from "node:path";
import type { RunFileOptions } from "../../run/run-options.ts";
import { inputFormats } from "../../run/source/format.ts";
import { type InputPaths, inputText } from "../../run/source/input-files.ts";
import { parseChoice } from "../parse/parse-choice.ts";
import type { RunFlags } from "./run-flags.ts";

/** What the flags say about the input. @throws UsageError */
export const inputFlags = ({
  inputFormat,
  encoding,
  inputErrors,
}: RunFlags): Pick<RunFileOptions, "inputFormat" | "encoding" | "inputErrors"> => ({
  ...(inputFormat === undefined
    ? {}
    : { inputFormat: parseChoice(inputFormat, "--input-format", ["auto", ...inputFormats]) }),
  ...(encoding === undefined ? {} : { encoding }),
  ...(inputErrors === undefined ? {} : { inputErrors: parseChoice(inputErrors, "--input-errors", ["fail", "skip"]) }),
});

/** What displays call the input: of several files their names alone. */
export const inputName = (input: InputPaths): string =>
  typeof input === "string" ? input : inputText(input.map((path) => basename(path)));
