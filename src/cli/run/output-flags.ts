import { outputFormats, resultOrders } from "../../run/output/output-format.ts";
import type { RunFileOptions } from "../../run/run-options.ts";
import { parseChoice } from "../parse/parse-choice.ts";
import type { RunFlags } from "./run-flags.ts";

/** What the flags say about the output. @throws UsageError */
export const outputFlags = ({
  order,
  format,
  csvBom,
}: RunFlags): Pick<RunFileOptions, "order" | "format" | "csvBom"> => ({
  ...(order === undefined ? {} : { order: parseChoice(order, "--order", resultOrders) }),
  ...(format === undefined ? {} : { format: parseChoice(format, "--format", outputFormats) }),
  ...(csvBom === undefined ? {} : { csvBom }),
});
