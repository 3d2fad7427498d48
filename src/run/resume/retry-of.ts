import type { Asked } from "./asked.ts";

/** Sends rows again that failed, and no others; they keep their ids whatever they are asked now. */
export type RetryOf =
  /** The rows of the input; their ids were made from what the run has asked. */
  | { readonly rows: "input"; readonly asked: Asked }
  /** The input is gone, but the errors file has the requests themselves. */
  | { readonly rows: "errors" };

/** What started a run. */
export interface RunCommand {
  /** The command line after the program's name. */
  readonly words: readonly string[];
  /** The folder where it was given. */
  readonly folder: string;
  /** The command with more flags, as a shell reads it. */
  readonly text: (more: readonly string[]) => string;
}
