/** What is known about a fault of the input beside its headline. */
export interface InputErrorDetails {
  readonly line?: number;
  /** 2: the input is wrong; 6: it cannot be read. @default 2 */
  readonly exitCode?: 2 | 6;
  /** Further lines of the message: the offending text, the cause, what to do next. */
  readonly notes?: readonly string[];
  readonly cause?: unknown;
}

/** The input cannot be used. The message is written for the person who made the input; it may have several lines. */
export class InputError extends Error {
  override readonly name = "InputError";
  /** The line at fault, from 1. */
  readonly line: number | undefined;
  readonly exitCode: 2 | 6;

  constructor(headline: string, { line, exitCode = 2, notes = [], cause }: InputErrorDetails = {}) {
    super([headline, ...notes.map((note) => `  ${note}`)].join("\n"), cause === undefined ? undefined : { cause });
    this.line = line;
    this.exitCode = exitCode;
  }
}
