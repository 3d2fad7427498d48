import { kinds } from "./character-kinds.ts";
import { longestMarks, longestNewline, longestWord, weightAt } from "./token-weights.ts";

/** What piece of a text a character belongs to, and what of its past matters to what comes next. */
export type ScanState =
  | { readonly piece: "start" }
  /** Shape 0 is lower case, 1 Capital, 2 UPPER, 3 MIXed. */
  | { readonly piece: "word"; readonly afterSpace: boolean; readonly shape: number; readonly length: number }
  /** An apostrophe after a word, and letters after it: `'s`, `'ll`. */
  | { readonly piece: "suffix"; readonly length: number }
  /** `lead` is the kind of a single mark that the next word may take. */
  | { readonly piece: "marks"; readonly several: boolean; readonly length: number; readonly lead: number }
  | {
      readonly piece: "blanks";
      readonly several: boolean;
      readonly endsInSpace: boolean;
      readonly afterNewline: boolean;
    }
  | { readonly piece: "newline"; readonly length: number }
  | { readonly piece: "digits"; readonly length: number }
  | { readonly piece: "run"; readonly kind: number };

/** A transition: the state after a character, and the tokens that the character adds. */
export type ScanStep = readonly [next: ScanState, tokens: number];

const { upper, accented, digit, space, blank, newline, apostrophe, symbol, surrogate } = kinds;
const noLead = -1;

/**
 * What a character does in a state. Tokenizers cut a text into pieces before they merge: at words, case, marks, groups of three digits,
 * line ends. A character that goes on with a piece adds what the longer piece takes more.
 *
 * @param repeated whether the character is the same as the one before it.
 */
export const stepFrom = (state: ScanState, kind: number, repeated: boolean, weights: Float64Array): ScanStep => {
  const of = (feature: number): number => weights[feature] ?? 0;
  if (kind <= accented) {
    const [next, tokens] = letterStep(state, kind, repeated, of);
    return [next, kind === accented ? tokens + of(weightAt.accent) : tokens];
  }
  if (kind === digit) return digitStep(state, of);
  if (kind === newline) return newlineStep(state, of);
  if (kind < newline) return blankStep(state, kind, of);
  if (kind < symbol) return markStep(state, kind, repeated, of);
  return runStep(state, kind, of);
};

type Weights = (feature: number) => number;

const letterStep = (state: ScanState, kind: number, repeated: boolean, of: Weights): ScanStep => {
  const isUpper = kind === upper;
  const begin = (afterSpace: boolean, tokens: number): ScanStep => {
    const next = { piece: "word", afterSpace, shape: isUpper ? 2 : 0, length: 1 } as const;
    return [next, tokens + wordTokens(next, of)];
  };
  const lead = (what: number): number => of(weightAt.lead + what - blank);
  if (state.piece === "word" && (!isUpper || state.shape === 2)) return longerWord(state, isUpper, repeated, of);
  if (state.piece === "suffix" && !isUpper) return longerSuffix(state.length, of);
  if (state.piece === "suffix" && state.length === 0) return begin(false, lead(apostrophe) - of(weightAt.marks + 1));
  if (state.piece === "marks" && state.lead !== noLead) return begin(false, lead(state.lead) - marksTokens(state, of));
  if (state.piece !== "blanks") return begin(false, lead(newline));
  return begin(state.endsInSpace, (state.endsInSpace ? 0 : lead(blank)) - of(weightAt.blank));
};

type Word = ScanState & { readonly piece: "word" };

/** Upper case, then lower case; a new upper case begins a new word. */
const longerWord = (word: Word, isUpper: boolean, repeated: boolean, of: Weights): ScanStep => {
  const shape = isUpper || word.shape !== 2 ? word.shape : word.length === 1 ? 1 : 3;
  const rest = repeated ? weightAt.wordRest + 1 : weightAt.wordRest;
  const next = { ...word, shape, length: Math.min(word.length + 1, longestWord) };
  const more = wordTokens(next, of) - wordTokens(word, of);
  return [next, word.length === longestWord ? more + of(rest) : more];
};

const wordTokens = ({ afterSpace, shape, length }: Word, of: Weights): number =>
  of(weightAt.words + ((afterSpace ? 4 : 0) + shape) * (longestWord + 1) + length);

/** With a third letter it is a word in quotation marks after all. */
const longerSuffix = (length: number, of: Weights): ScanStep => {
  if (length === 0) return [{ piece: "suffix", length: 1 }, of(weightAt.suffix) - of(weightAt.marks + 1)];
  if (length === 1) return [{ piece: "suffix", length: 2 }, 0];
  const word = { piece: "word", afterSpace: false, shape: 0, length: 3 } as const;
  return [word, of(weightAt.lead + apostrophe - blank) + wordTokens(word, of) - of(weightAt.suffix)];
};

const digitStep = (state: ScanState, of: Weights): ScanStep =>
  state.piece === "digits" && state.length < 3
    ? [{ piece: "digits", length: state.length + 1 }, 0]
    : [{ piece: "digits", length: 1 }, of(weightAt.digits)];

/** A line end takes the blanks before it, and goes with the marks before it. */
const newlineStep = (state: ScanState, of: Weights): ScanStep => {
  if (state.piece === "newline") {
    const length = Math.min(state.length + 1, longestNewline);
    const more = of(weightAt.newline + length) - of(weightAt.newline + state.length);
    return [{ piece: "newline", length }, state.length === longestNewline ? of(weightAt.newlineRest) : more];
  }
  if (state.piece === "marks" || (state.piece === "suffix" && state.length === 0)) {
    return [{ piece: "newline", length: longestNewline }, of(weightAt.newlineAfterMark)];
  }
  if (state.piece !== "blanks") return [{ piece: "newline", length: 1 }, of(weightAt.newline + 1)];
  const before = of(weightAt.blank) + (state.several ? of(weightAt.indent) + of(weightAt.indent + 1) : 0);
  return state.afterNewline
    ? [{ piece: "newline", length: longestNewline }, -before]
    : [{ piece: "newline", length: 2 }, of(weightAt.newline + 2) - before];
};

/** The last of several blanks goes to what comes next. */
const blankStep = (state: ScanState, kind: number, of: Weights): ScanStep => {
  const endsInSpace = kind === space;
  if (state.piece !== "blanks") {
    const next = { piece: "blanks", several: false, endsInSpace, afterNewline: state.piece === "newline" } as const;
    return [next, of(weightAt.blank)];
  }
  const first = state.several ? 0 : of(weightAt.indent);
  return [{ ...state, several: true, endsInSpace }, first + of(weightAt.indent + 1)];
};

const markStep = (state: ScanState, kind: number, repeated: boolean, of: Weights): ScanStep => {
  const begin = (lead: number, tokens: number): ScanStep => {
    const next = { piece: "marks", several: false, length: 1, lead } as const;
    return [next, tokens + marksTokens(next, of)];
  };
  if (state.piece === "word" && kind === apostrophe) return [{ piece: "suffix", length: 0 }, of(weightAt.marks + 1)];
  if (state.piece === "blanks" && state.endsInSpace)
    return begin(noLead, of(weightAt.markAfterSpace) - of(weightAt.blank));
  if (state.piece === "suffix" && state.length === 0) {
    return markStep({ piece: "marks", several: false, length: 1, lead: noLead }, kind, repeated, of);
  }
  if (state.piece !== "marks") return begin(kind, 0);
  const several = state.several || !repeated;
  const next = { piece: "marks", several, length: Math.min(state.length + 1, longestMarks), lead: noLead } as const;
  const more = marksTokens(next, of) - marksTokens(state, of);
  return [next, state.length === longestMarks ? more + of(weightAt.marksRest + (repeated ? 1 : 0)) : more];
};

const marksTokens = ({ several, length }: ScanState & { readonly piece: "marks" }, of: Weights): number =>
  of(weightAt.marks + (several ? longestMarks + 1 : 0) + length);

const runStep = (state: ScanState, kind: number, of: Weights): ScanStep => {
  const feature = weightAt.runs + 3 * (kind - symbol);
  const each = of(feature + 2);
  if (state.piece === "run" && state.kind === kind) return [state, each];
  const next = { piece: "run", kind } as const;
  return state.piece === "blanks" && kind > surrogate
    ? [next, each + of(feature + 1) - of(weightAt.blank)]
    : [next, each + of(feature)];
};
