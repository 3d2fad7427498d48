import type { Command } from "commander";
import { collect } from "./looking-commands.ts";

/** Adds the flags that say what a run asks, and whom. */
export const addInputOptions = (command: Command): void => {
  command
    .optionsGroup("What to ask:")
    .option("-p, --prompt <text|@file>", "template of the prompt: {{column}}")
    .option("-s, --system <text|@file>", "template of the system message")
    .option("-P, --param <key=value>", "a field of the request: temperature=0 (repeatable)", collect)
    .option("-n, --limit <rows>", "take only the first rows")
    .option("--id-column <name>", "the column that holds the row's id")
    .option("--input-format <format>", "jsonl, json, csv, tsv, text, parquet (default: by ending and content)")
    .option("--encoding <name>", "utf-8, gbk, gb18030, … (default: found out)")
    .option("--input-errors <fail|skip>", "skip records rows that cannot be sent as failed (default: fail)")
    .option("--max-tokens <n|auto>", "the output bound of rows that set none; auto learns it from the answers")
    .option("--stream", "stream on the wire")
    .optionsGroup("Whom to ask:")
    .option("-m, --model <provider/model>", "such as openai/gpt-5-mini, or a name of deployments (or SLUICE_MODEL)")
    .option("--base-url <url>", "any OpenAI-compatible server; its key is SLUICE_API_KEY")
    .option("--override-model", "-m replaces the model that a row names");
};

/** Adds the flags that say when a run stops, and what it writes. */
export const addResultOptions = (command: Command): void => {
  command
    .optionsGroup("When to stop:")
    .option("--max-cost <money>", "no request leaves that could make the run cost more: 10, $10, ¥50")
    .option("--max-duration <duration>", "send nothing more after this time: 30m, 2h")
    .option("--halt <when,fail=n>", "stop when rows fail: soon,fail=100 or now,fail=5%")
    .option("--confirm-above <money>", "ask before a run that may cost more (default: $20)")
    .option("--yes", "never ask")
    .optionsGroup("Results:")
    .option("-o, --output <file|->", "default: <input>.out.jsonl beside the input; - for stdout; or .csv, .parquet")
    .option("--format <openai|flat>", "what a row of the output looks like (default: flat for .csv and .parquet)")
    .option("--order <input|completion>", "the order of the finished output (default: input; on stdout completion)")
    .option("--csv-bom", "begin CSV with the mark by which Excel knows UTF-8 (default: in Chinese terminals)")
    .option("--no-csv-bom", "do not")
    .option("--send-order <which>", "what is sent first: longest-first, input (default: longest-first; pipes: input)")
    .option("--fresh", "begin anew; what earlier runs wrote is kept under another name")
    .option("--retry-errors <which>", "failed rows that are sent again: retryable, all, none (default: retryable)")
    .option("--accept-config-change", "go on although model, prompt or parameters are others than before")
    .option("--strict", "exactly the fields of OpenAI Batch output");
};
