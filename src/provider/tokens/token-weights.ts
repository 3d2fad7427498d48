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
  /** Letters beyond the longest word: another one than the two before it, one of them again. */
  readonly wordRest: T;
  readonly accent: T;
  /** The `'s` of a word. */
  readonly suffix: T;
  /** Runs of marks by length from 0: of one mark, of several. */
  readonly marks: T;
  /** Marks beyond the longest run: another one than the two before it, one of them again. */
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
    [0, 0.782, 0.686, 1.055, 0.819, 0.934, 0.925, 1.047, 1.177, 1.181, 1.464, 1.77, 1.88, 2.207, 3.296, 2.478],
    // Capital
    [0, 1, 0.97, 0.962, 0.771, 0.834, 0.871, 0.876, 1.06, 1.341, 1.068, 1.816, 1.809, 3.73, 2.128, 3.141],
    // UPPER
    [0, 1.005, 0.941, 1.192, 1.173, 1.29, 1.52, 1.438, 1.954, 1.734, 2.651, 2.465, 2.992, 3.288, 3.756, 2.315],
    // MIXed
    [0, 1, 1, 3.251, 3.703, 2.583, 3.311, 2.712, 2.611, 1.867, 2.827, 3.127, 2.583, 3.222, 3.856, 5.145],
    // lower, after a space
    [0, 1.059, 0.884, 0.884, 0.93, 1.042, 1.044, 1.079, 1.185, 1.329, 1.438, 1.614, 1.888, 1.786, 2.321, 3.501],
    // Capital, after a space
    [0, 1, 1.018, 0.899, 1.02, 1.134, 1.111, 1.061, 1.322, 1.448, 1.286, 1.682, 1.578, 2.127, 2.176, 1.819],
    // UPPER, after a space
    [0, 0.902, 0.527, 1.129, 1.233, 1.544, 1.621, 1.095, 1.429, 1.31, 1.147, 2.34, 1.763, 1.523, 4.041, 1.334],
    // MIXed, after a space
    [0, 1, 1, 1.182, 1.538, 1.317, 2.151, 1.665, 2.238, 2.195, 2.629, 2.256, 2.071, 3.463, 3.798, 4.28],
  ].flat(),
  lead: [0.564, 0.209, 0.287, 0.625, 1.318],
  wordRest: [0.553, 0.178],
  accent: [0.636],
  suffix: [0.657],
  marks: [
    [0, 0.918, 0.991, 0.971, 1.213, 1.178, 0.933, 0.859, 1.298],
    [0, 0, 0.939, 1.121, 1.756, 2.185, 2.253, 2.897, 2.698],
  ].flat(),
  marksRest: [0.781, 0.028],
  markAfterSpace: [0.103],
  newlineAfterMark: [0.045],
  newline: [0, 1.189, 1.287, 0.92, 1.292],
  newlineRest: [0.063],
  indent: [0.921, 0.005],
  blank: [0.941],
  digits: [1.06],
  runs: [
    // symbol
    [0.502, 0.5, 0.125],
    // wideMark
    [0.268, 0.5, 0.607],
    // surrogate
    [0, 0, 0.507],
    // han
    [0.275, 0.566, 0.675],
    // kana
    [0.178, 0.359, 0.585],
    // hangul
    [0.7, 0.198, 0.619],
    // cyrillic
    [1.553, 0.574, 0.226],
    // semitic
    [0.866, 0.142, 0.341],
    // otherLetter
    [0.73, 0, 0.38],
  ].flat(),
};

const ordered: readonly (readonly [string, readonly number[]])[] = Object.entries(weights);

/** Where the weights of each feature begin. */
export const weightAt: Features<number> = Object.fromEntries(
  ordered.map(([name], index) => [name, ordered.slice(0, index).reduce((sum, [, { length }]) => sum + length, 0)]),
) as unknown as Features<number>;

/** The weights of all features, one after the other. */
export const tokenWeights: Float64Array = Float64Array.from(ordered.flatMap(([, values]) => values));
