import { scanPlaces } from "../journal/scan-places.ts";
import { outputChunks } from "./output-chunks.ts";
import type { RunFileOptions } from "../run-options.ts";
import type { RunSetting } from "../run-setting.ts";
import type { RowIndex } from "../source/row-index.ts";
import type { Source } from "../source/source.ts";

/** Whether results can be shown only when all are there. */
export const areHeld = ({ order, format }: RunFileOptions): boolean => order === "input" || format === "flat";

/** The held records, answers and failures in one file, as standard output is to have them. */
export const heldChunks = async (
  { options, fs, control }: RunSetting,
  path: string,
  source: Source,
  index: RowIndex,
): Promise<AsyncIterable<Uint8Array>> => {
  const { format = "openai" } = options;
  const all = { path, places: await scanPlaces(fs, path, index, { of: "failures" }) };
  const answers = format === "flat" ? { path, places: await scanPlaces(fs, path, index) } : all;
  return outputChunks({
    source: {
      fs,
      answers,
      failures: all,
      rows: index.rows,
      columns: () => source.columns(index.rows),
      warn: control.warn,
    },
    kind: { container: "jsonl", gzip: false, ending: "" },
    format,
    order: "input",
    csvBom: false,
  });
};
