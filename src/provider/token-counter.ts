/** Counts the tokens of a text, exactly or more or less. */
export type TokenCounter = (text: string) => number;
