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
    [0, 0.747, 0.645, 1.016, 0.779, 0.898, 0.886, 1.008, 1.14, 1.145, 1.426, 1.731, 1.843, 2.187, 3.26, 2.763],
    // Capital
    [0, 1, 0.932, 0.926, 0.734, 0.798, 0.835, 0.838, 1.022, 1.302, 1.032, 1.785, 1.765, 3.693, 2.093, 3.537],
    // UPPER
    [0, 0.971, 0.909, 1.153, 1.134, 1.255, 1.486, 1.4, 1.918, 1.699, 2.616, 2.407, 3.011, 3.263, 3.744, 3.588],
    // MIXed
    [0, 1, 1, 3.203, 3.663, 2.546, 3.29, 2.676, 2.578, 1.834, 2.828, 3.101, 2.555, 3.202, 3.845, 5.269],
    // lower, after a space
    [0, 1.059, 0.885, 0.884, 0.929, 1.043, 1.044, 1.078, 1.184, 1.326, 1.439, 1.619, 1.89, 1.786, 2.337, 3.823],
    // Capital, after a space
    [0, 1, 1.017, 0.9, 1.02, 1.133, 1.114, 1.06, 1.321, 1.448, 1.286, 1.685, 1.585, 2.13, 2.173, 1.965],
    // UPPER, after a space
    [0, 0.898, 0.526, 1.128, 1.234, 1.547, 1.63, 1.085, 1.432, 1.308, 1.141, 2.341, 1.765, 1.534, 4.039, 1.4],
    // MIXed, after a space
    [0, 1, 1, 1.181, 1.534, 1.311, 2.155, 1.675, 2.24, 2.191, 2.669, 2.243, 2.07, 3.461, 3.795, 4.316],
  ].flat(),
  lead: [0.601, 0.246, 0.325, 0.664, 1.353],
  wordRest: [0.303, 0.122],
  accent: [0.636],
  suffix: [0.66],
  marks: [
    [0, 0.919, 0.994, 0.969, 1.214, 1.176, 0.951, 0.778, 1.594],
    [0, 0, 0.94, 1.122, 1.764, 2.176, 2.268, 3.053, 3.817],
  ].flat(),
  marksRest: [0.059, 0.015],
  markAfterSpace: [0.101],
  newlineAfterMark: [0.046],
  newline: [0, 1.19, 1.287, 0.917, 1.293],
  newlineRest: [0.063],
  indent: [0.921, 0.005],
  blank: [0.939],
  digits: [1.06],
  runs: [
    // symbol
    [0.504, 0.5, 0.126],
    // wideMark
    [0.268, 0.5, 0.607],
    // surrogate
    [0, 0, 0.507],
    // han
    [0.275, 0.565, 0.675],
    // kana
    [0.178, 0.358, 0.585],
    // hangul
    [0.698, 0.198, 0.619],
    // cyrillic
    [1.553, 0.573, 0.226],
    // semitic
    [0.865, 0.141, 0.341],
    // otherLetter
    [0.729, 0, 0.38],
  ].flat(),
};

const ordered: readonly (readonly [string, readonly number[]])[] = Object.entries(weights);

/** Where the weights of each feature begin. */
export const weightAt: Features<number> = Object.fromEntries(
  ordered.map(([name], index) => [name, ordered.slice(0, index).reduce((sum, [, { length }]) => sum + length, 0)]),
) as unknown as Features<number>;

/** The weights of all features, one after the other. */
export const tokenWeights: Float64Array = Float64Array.from(ordered.flatMap(([, values]) => values));
