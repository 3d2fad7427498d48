/** A command line without the output that it names. */
export const withoutOutput = (words: readonly string[]): readonly string[] =>
  words.filter((word, at) => !isOutput(word) && !isFlag(words[at - 1]));

const isFlag = (word: string | undefined): boolean => word === "-o" || word === "--output";

const isOutput = (word: string): boolean => isFlag(word) || word.startsWith("--output=") || /^-o./u.test(word);
