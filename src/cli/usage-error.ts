/** The command was typed wrong, or something it names is. The message is written for the person who typed it; nothing was sent. */
export class UsageError extends Error {
  override readonly name = "UsageError";
  readonly exitCode = 2;

  /** @param notes further lines of the message: where, why, what to do next. */
  constructor(headline: string, notes: readonly string[] = []) {
    super([headline, ...notes.map((note) => `  ${note}`)].join("\n"));
  }
}
