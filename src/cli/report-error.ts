import { printable } from "./display/printable.ts";
import type { Host } from "./host.ts";

/** Says on stderr what went wrong; returns the exit code for it. */
export const reportError = (error: unknown, { stderr, environment }: Pick<Host, "stderr" | "environment">): number => {
  const message = error instanceof Error ? error.message : String(error);
  stderr.write(`error: ${printable(message)}\n`);
  if (isExpected(error)) return error.exitCode;
  if (environment("SLUICE_DEBUG") === undefined) {
    stderr.write(
      "  this should not have happened; please report it with the output of the same command under SLUICE_DEBUG=1\n",
    );
  } else if (error instanceof Error) {
    stderr.write(`${printable(error.stack ?? "")}\n`);
  }
  return 1;
};

/** Errors that are written for people carry their exit code. */
const isExpected = (error: unknown): error is Error & { readonly exitCode: number } =>
  error instanceof Error && "exitCode" in error && typeof error.exitCode === "number";
