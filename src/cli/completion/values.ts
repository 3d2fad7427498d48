import { vendorNames } from "../../provider/vendors.ts";
import { outputFormats, resultOrders } from "../../run/output/output-format.ts";
import { errorCodes } from "../../run/records/record-line.ts";
import { retryPolicies } from "../../run/resume/retry-errors.ts";
import { sendOrders } from "../../run/sending/send-order.ts";
import { inputFormats } from "../../run/source/format.ts";
import { configFormats } from "../init/config-file.ts";
import { templateNames } from "../init/templates.ts";
import { shellNames } from "./shell-names.ts";

/** What can stand in a place: a path, one of a few words, or what no shell can know. */
export type Values = "path" | "unknown" | readonly string[];

/** What can stand after a flag of a command. */
export const flagValues = (command: string, flag: string): Values =>
  values.get(`${command} ${flag}`) ?? values.get(flag) ?? "unknown";

/** What the arguments of a command can be. */
export const argumentValues = (command: string): Values => values.get(command) ?? "unknown";

const models = vendorNames.map((name) => `${name}/`);

const values: ReadonlyMap<string, Values> = new Map<string, Values>([
  ["run", "path"],
  ["retry", "path"],
  ["errors", "path"],
  ["show", "path"],
  ["export", "path"],
  ["status", "path"],
  ["estimate", "path"],
  ["completion", shellNames],
  ["models", vendorNames],
  ["limits", models],
  ["--model", models],
  ["--output", "path"],
  ["--config", "path"],
  ["--env-file", "path"],
  ["--keep", "path"],
  ["--progress", ["auto", "tty", "plain", "json", "none"]],
  ["--on-quota", ["fail", "wait"]],
  ["--concurrency", ["auto"]],
  ["--max-tokens", ["auto"]],
  ["--timeout-total", ["none"]],
  ["--quota", ["bucket", "window", "sliding"]],
  ["--input-format", ["auto", ...inputFormats]],
  ["--input-errors", ["fail", "skip"]],
  ["--encoding", ["auto", "utf-8", "gbk", "gb18030"]],
  ["--halt", ["soon,fail=", "now,fail="]],
  ["--format", outputFormats],
  ["init --format", configFormats],
  ["--template", templateNames],
  ["--order", resultOrders],
  ["--send-order", sendOrders],
  ["--retry-errors", retryPolicies],
  ["--code", errorCodes()],
]);
