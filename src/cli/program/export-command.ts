import type { Command } from "commander";
import type { ExportFlags } from "../commands/export.ts";
import type { Host } from "../host.ts";
import { examples, runHandle } from "./looking-commands.ts";

/** Adds the command that writes results into files of other kinds. What it needs is loaded when it is used. */
export const addExport = (program: Command, host: Host, onExit: (code: number) => void): void => {
  program
    .command("export")
    .summary("the results of a run as CSV, TSV, Parquet or JSON lines; of an unfinished one, too")
    .description(examples(exportExamples))
    .argument("<out|run>", runHandle)
    .option("-o, --output <file|->", "ends in .csv, .tsv, .parquet or .jsonl (.gz behind packs it); - for stdout")
    .option("--format <openai|flat>", "what a row looks like (default: flat, but for .jsonl)")
    .option("--order <input|completion>", "the order of openai rows (default: input)")
    .option("--fields <list>", "only these columns of flat rows, in this order: id,output,_status")
    .option("--csv-bom", "begin CSV with the mark by which Excel knows UTF-8 (default: in Chinese terminals)")
    .option("--no-csv-bom", "do not")
    .option("--force", "overwrite the file when it exists")
    .showHelpAfterError("next  sluice export --help")
    .action(async (handle: string, flags: ExportFlags) => {
      const { exportResults } = await import("../commands/export.ts");
      onExit(await exportResults(handle, flags, host));
    });
};

const exportExamples = [
  "sluice export labels.jsonl -o labels.csv",
  "sluice export labels.jsonl -o labels.parquet",
  "sluice export labels.jsonl -o - --format flat --fields custom_id,output | head",
];
