import type { RunFileOptions } from "../../run/run-options.ts";
import { inputFormats } from "../../run/source/format.ts";
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
