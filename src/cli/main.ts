import { CommanderError } from "commander";
import type { Host } from "./host.ts";
import { createProgram } from "./program/program.ts";
import { reportError } from "./report-error.ts";

/** Runs a command line and returns the exit code. */
export const main = async (host: Host): Promise<number> => {
  // Whoever read stderr may have left; that is no reason to stop, and there is nobody to tell.
  host.stderr.on("error", () => {});
  let exitCode = 0;
  const program = createProgram(host, (code) => (exitCode = code));
  const words = host.arguments.length === 0 ? ["--help"] : host.arguments;
  try {
    await program.parseAsync(words, { from: "user" });
    return exitCode;
  } catch (error) {
    // Commander has said already what it has to say; its code is 0 for --help and --version.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    return reportError(error, host);
  }
};
