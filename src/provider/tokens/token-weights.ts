/** Longer words take more by the letter. */
export const longestWord = 15;
/** Longer runs of marks take more by the mark. */
export const longestMarks = 8;
/** Longer line ends, which are blank lines, take more by the character. */
export const longestNewline = 4;

/** What tells of tokens in a text. */
interface Features<T> {
  /** Words by case and by length from 0: without and with a space before them. */
  readonly words: T;
  /** What stands before a word in place of a space: by kind from `blank` on, `newline` being nothing. */
  readonly lead: T;
  /** Letters beyond the longest word: another one than before it, the same again. */
  readonly wordRest: T;
  readonly accent: T;
  /** The `'s` of a word. */
  readonly suffix: T;
  /** Runs of marks by length from 0: of one mark, of several. */
  readonly marks: T;
  /** Marks beyond the longest run: another one than before it, the same again. */
  readonly marksRest: T;
  readonly markAfterSpace: T;
  readonly newlineAfterMark: T;
  /** Line ends by length from 0. */
  readonly newline: T;
  /** Each character of blank lines beyond them. */
  readonly newlineRest: T;
  /** The blanks before the last one; each of them. */
  readonly indent: T;
  readonly blank: T;
  /** Up to three digits. */
  readonly digits: T;
  /** Runs by kind from `symbol` on: being there, being there after a space, each character. */
  readonly runs: T;
}

/** Tokens of each feature in the mean, by least squares over lines of English, code, Chinese and others; `npm run bench -- tokens --fit` makes them. */
const weights: Features<readonly number[]> = {
  words: [
    // lower
    [0, 0.792, 0.691, 1.059, 0.826, 0.937, 0.932, 1.054, 1.183, 1.185, 1.465, 1.776, 1.877, 2.216, 3.429, 2.228],
    // Capital
    [0, 1, 0.954, 0.965, 0.779, 0.841, 0.881, 0.881, 1.061, 1.352, 1.07, 1.82, 1.803, 3.925, 2.067, 3.265],
    // UPPER
    [0, 1.009, 0.938, 1.198, 1.18, 1.298, 1.528, 1.449, 1.957, 1.729, 2.658, 2.341, 2.887, 3.082, 3.458, 2.429],
    // MIXed
    [0, 1, 1, 3.272, 3.777, 2.612, 3.435, 2.789, 2.685, 1.777, 2.834, 3.126, 2.389, 2.98, 3.657, 5.603],
    // lower, after a space
    [0, 1.064, 0.891, 0.883, 0.928, 1.04, 1.044, 1.079, 1.182, 1.326, 1.437, 1.608, 1.885, 1.774, 2.319, 3.577],
    // Capital, after a space
    [0, 1, 1.021, 0.898, 1.019, 1.133, 1.108, 1.055, 1.321, 1.446, 1.268, 1.666, 1.536, 2.11, 2.139, 1.701],
    // UPPER, after a space
    [0, 0.909, 0.535, 1.142, 1.224, 1.551, 1.626, 1.17, 1.408, 1.256, 1.166, 2.259, 1.485, 0.892, 3.953, 0.819],
    // MIXed, after a space
    [0, 1, 1, 1.197, 1.579, 1.347, 2.245, 1.653, 2.266, 2.161, 2.617, 1.85, 1.553, 3.186, 3.543, 4.06],
  ].flat(),
  lead: [0.555, 0.2, 0.28, 0.618, 1.148, 1.355],
  wordRest: [0.542, 0.123],
  accent: [0.638],
  suffix: [0.658],
  marks: [
    [0, 0.919, 0.99, 0.936, 1.203, 1.182, 0.924, 0.709, 1.594],
    [0, 0, 0.939, 1.12, 1.756, 2.206, 2.267, 2.928, 2.325],
  ].flat(),
  marksRest: [0.75, 0.015],
  markAfterSpace: [0.105],
  newlineAfterMark: [0.035],
  newline: [0, 1.192, 1.287, 0.897, 0.729],
  newlineRest: [0.077],
  indent: [0.935, 0.004],
  blank: [0.939],
  digits: [1.059],
  runs: [
    // symbol
    [0.512, 0.5, 0.123],
    // wideMark
    [0.266, 0.5, 0.61],
    // surrogate
    [0, 0, 0.508],
    // han
    [0.272, 0.564, 0.675],
    // kana
    [0.181, 0.361, 0.584],
    // hangul
    [0.698, 0.197, 0.619],
    // cyrillic
    [1.55, 0.577, 0.225],
    // semitic
    [0.864, 0.138, 0.341],
    // otherLetter
    [0.731, 0, 0.38],
  ].flat(),
};

const ordered: readonly (readonly [string, readonly number[]])[] = Object.entries(weights);

/** Where the weights of each feature begin. */
export const weightAt: Features<number> = Object.fromEntries(
  ordered.map(([name], index) => [name, ordered.slice(0, index).reduce((sum, [, { length }]) => sum + length, 0)]),
) as unknown as Features<number>;

/** The weights of all features, one after the other. */
export const tokenWeights: Float64Array = Float64Array.from(ordered.flatMap(([, values]) => values));
