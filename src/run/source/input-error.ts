/** What is known about a fault of the input beside its headline. */
export interface InputErrorDetails {
  readonly line?: number;
  /** 2: the input is wrong; 6: it cannot be read. @default 2 */
  readonly exitCode?: 2 | 6;
  /** What is wrong, without where. @default the headline */
  readonly what?: string;
  /** Further lines of the message: the offending text, the cause, what to do next. */
  readonly notes?: readonly string[];
  /** Whether the notes show the text at fault. @default false */
  readonly showsText?: boolean;
  readonly cause?: unknown;
}

/** The input cannot be used. The message is written for the person who made the input; it may have several lines. */
export class InputError extends Error {
  override readonly name = "InputError";
  /** The line at fault, from 1. */
  readonly line: number | undefined;
  readonly exitCode: 2 | 6;
  /** The first line of the message. */
  readonly headline: string;
  /** What is wrong, without where. */
  readonly what: string;
  /** The other lines of the message. */
  readonly notes: readonly string[];
  /** Whether the notes show the text at fault. */
  readonly showsText: boolean;

  constructor(headline: string, details: InputErrorDetails = {}) {
    const { line, exitCode = 2, what = headline, notes = [], showsText = false, cause } = details;
    super([headline, ...notes.map((note) => `  ${note}`)].join("\n"), cause === undefined ? undefined : { cause });
    this.line = line;
    this.exitCode = exitCode;
    this.headline = headline;
    this.what = what;
    this.notes = notes;
    this.showsText = showsText;
  }
}
