import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { parseEnv } from "node:util";
import type { Host } from "../host.ts";
import type { ConfigFlags } from "../run/run-flags.ts";
import { UsageError } from "../usage-error.ts";

/** Where each variable that came from a file stands: its name, then `.env:3`. */
export type VariableOrigins = ReadonlyMap<string, string>;

/**
 * Gives the variables of `.env.local` and `.env`, or of the files that were named, to this process; what is set stays.
 *
 * @throws UsageError when a file that was named is not there
 */
export const addEnvFiles = async (
  { envFile = true }: ConfigFlags,
  { addVariable, environment, folder }: Pick<Host, "addVariable" | "environment" | "folder">,
): Promise<VariableOrigins> => {
  const origins = new Map<string, string>();
  if (envFile === false) return origins;
  // Of files that were named, the last one wins.
  const named = envFile === true ? undefined : envFile.toReversed();
  for (const name of named ?? usualFiles) {
    const text = await contentOf(name, folder, named !== undefined);
    for (const [variable, value = ""] of Object.entries(parseEnv(text))) {
      // Some versions of Node take --env-file as a flag of their own, and have read the file already.
      const isFrom = addVariable(variable, value) || (named !== undefined && environment(variable) === value.trim());
      if (isFrom && !origins.has(variable)) origins.set(variable, `${name}${lineOf(variable, text)}`);
    }
  }
  return origins;
};

/** In the order in which they win. */
const usualFiles: readonly string[] = [".env.local", ".env"];

const contentOf = async (name: string, folder: string, wanted: boolean): Promise<string> => {
  try {
    return await readFile(resolve(folder, name), "utf8");
  } catch (error) {
    if (!wanted) return "";
    const why = error instanceof Error ? error.message : String(error);
    throw new UsageError(`--env-file ${name}: cannot read it`, [why]);
  }
};

/** Of a variable that stands there twice, the last line counts. */
const lineOf = (variable: string, text: string): string => {
  const lines = text.split("\n");
  const index = lines.findLastIndex((line) => /^\s*(?:export\s+)?([\w.-]+)\s*=/.exec(line)?.[1] === variable);
  return index < 0 ? "" : `:${index + 1}`;
};
