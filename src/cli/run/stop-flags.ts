import type { RunFileOptions } from "../../run/run-options.ts";
import { parseDuration } from "../parse/parse-duration.ts";
import { parseHalt } from "../parse/parse-halt.ts";
import { parseMoney } from "../parse/parse-money.ts";
import type { RunFlags } from "./run-flags.ts";

/** What the flags say about when to stop. @throws UsageError */
export const stopFlags = ({
  maxCost,
  maxDuration,
  halt,
}: RunFlags): Pick<RunFileOptions, "maxCost" | "maxDurationMs" | "halt"> => ({
  ...(maxCost === undefined ? {} : { maxCost: parseMoney(maxCost, "--max-cost") }),
  ...(maxDuration === undefined ? {} : { maxDurationMs: parseDuration(maxDuration, "--max-duration") }),
  ...(halt === undefined ? {} : { halt: parseHalt(halt, "--halt") }),
});
