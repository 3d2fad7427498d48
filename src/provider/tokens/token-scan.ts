import { kindOf, kinds } from "./character-kinds.ts";
import { longestMarks, longestNewline, longestWord, weightAt } from "./token-weights.ts";

const { upper, accented, digit, space, blank, newline, joiningMark, mark, symbol, surrogate } = kinds;
/** The kind of what comes after the text; larger than all. */
const nothing = 255;
const apostrophe = 0x27;

/**
 * One pass over a text that cuts it where the tokenizers of today cut before they merge (at words, case, marks, groups of
 * three digits, line ends) and adds up how many tokens such a piece has in the mean.
 */
export class TokenScan {
  readonly #text: string;
  readonly #weights: Float64Array;
  #at = 0;
  #tokens = 0;

  constructor(text: string, weights: Float64Array) {
    this.#text = text;
    this.#weights = weights;
  }

  /** How many tokens the text has by these weights; to be asked once. */
  count(): number {
    const text = this.#text;
    while (this.#at < text.length) {
      const kind = kindAt(text, this.#at);
      if (kind === space && kindAt(text, this.#at + 1) <= accented) {
        this.#at += 1;
        this.#word(space);
      } else if (kind <= accented) this.#word(newline);
      else if (kind >= symbol) this.#run(kind, 0);
      else if (kind >= joiningMark) this.#marks(kind);
      else if (kind === digit) this.#digits();
      else this.#blanks();
    }
    return this.#tokens;
  }

  #add(feature: number, times = 1): void {
    this.#tokens += times * (this.#weights[feature] ?? 0);
  }

  /** Upper case, then lower case; a new upper case begins a new word. */
  #word(lead: number): void {
    const text = this.#text;
    const start = this.#at;
    let end = start;
    let kind = kindAt(text, end);
    while (kind === upper) kind = kindAt(text, ++end);
    const uppers = end - start;
    let accents = 0;
    while (kind <= accented && kind !== upper) {
      if (kind === accented) accents += 1;
      kind = kindAt(text, ++end);
    }
    this.#at = end;
    const length = end - start;
    const shape = uppers === 0 ? 0 : uppers === length ? 2 : uppers === 1 ? 1 : 3;
    const row = lead === space ? 4 + shape : shape;
    this.#add(weightAt.words + row * (longestWord + 1) + (length > longestWord ? longestWord : length));
    if (lead !== space) this.#add(weightAt.lead + lead - blank);
    if (accents > 0) this.#add(weightAt.accent, accents);
    if (length > longestWord) this.#rest(weightAt.wordRest, start + longestWord, end);
    if (kind === mark && text.charCodeAt(end) === apostrophe) this.#suffix();
  }

  /** What is beyond the table: what repeats a character or two is cheap, noise is not. */
  #rest(feature: number, from: number, end: number): void {
    const text = this.#text;
    let changes = 0;
    for (let at = from; at < end; at++) {
      const character = text.charCodeAt(at);
      if (character !== text.charCodeAt(at - 1) && character !== text.charCodeAt(at - 2)) changes += 1;
    }
    this.#add(feature, changes);
    this.#add(feature + 1, end - from - changes);
  }

  #suffix(): void {
    const length = suffixLength(this.#text, this.#at + 1);
    if (length === 0) return;
    this.#at += 1 + length;
    this.#add(weightAt.suffix);
  }

  /** A line end takes the blanks before it; of the blanks after it the last goes to what comes next. */
  #blanks(): void {
    const text = this.#text;
    const start = this.#at;
    let end = start;
    let from = start;
    let kind = kindAt(text, end);
    while (kind >= space && kind <= newline) {
      end += 1;
      if (kind === newline) from = end;
      kind = kindAt(text, end);
    }
    this.#at = end;
    if (from > start) this.#newline(from - start);
    if (end - from > 1) this.#indent(end - from - 1);
    if (end > from) this.#afterBlank(kind);
  }

  #newline(length: number): void {
    this.#add(weightAt.newline + (length > longestNewline ? longestNewline : length));
    if (length > longestNewline) this.#add(weightAt.newlineRest, length - longestNewline);
  }

  #indent(length: number): void {
    this.#add(weightAt.indent);
    this.#add(weightAt.indent + 1, length);
  }

  #afterBlank(next: number): void {
    const last = kindAt(this.#text, this.#at - 1);
    if (next <= accented) this.#word(last);
    else if (next >= joiningMark && next <= mark && last === space) {
      this.#add(weightAt.markAfterSpace);
      this.#marks(nothing);
    } else if (next > surrogate && next !== nothing) this.#run(next, 1);
    else this.#add(weightAt.blank);
  }

  /** A single mark before a word belongs to the word, unless a space has already taken it. */
  #marks(lead: number): void {
    const text = this.#text;
    const start = this.#at;
    let end = start + 1;
    let kind = kindAt(text, end);
    this.#at = end;
    if (kind <= accented && lead !== nothing) return this.#word(lead);
    let severalMarks = 0;
    while (kind >= joiningMark && kind <= mark) {
      if (text.charCodeAt(end) !== text.charCodeAt(end - 1)) severalMarks = longestMarks + 1;
      kind = kindAt(text, ++end);
    }
    const length = end - start;
    this.#add(weightAt.marks + severalMarks + (length > longestMarks ? longestMarks : length));
    if (length > longestMarks) this.#rest(weightAt.marksRest, start + longestMarks, end);
    if (kind === newline) {
      this.#add(weightAt.newlineAfterMark);
      while (kind === newline) kind = kindAt(text, ++end);
    }
    this.#at = end;
  }

  #digits(): void {
    const text = this.#text;
    let end = this.#at + 1;
    while (kindAt(text, end) === digit) end += 1;
    this.#add(weightAt.digits, Math.ceil((end - this.#at) / 3));
    this.#at = end;
  }

  #run(kind: number, lead: number): void {
    const text = this.#text;
    let end = this.#at + 1;
    while (kindAt(text, end) === kind) end += 1;
    const feature = weightAt.runs + 3 * (kind - symbol);
    this.#add(feature + lead);
    this.#add(feature + 2, end - this.#at);
    this.#at = end;
  }
}

const kindAt = (text: string, at: number): number =>
  at < text.length ? (kindOf[text.charCodeAt(at)] ?? nothing) : nothing;

/** How long the `s`, `t`, `d`, `m`, `ll`, `ve` or `re` after an apostrophe is; 0 where it is something else. */
const suffixLength = (text: string, at: number): number => {
  const first = text[at]?.toLowerCase() ?? "";
  if (first === "s" || first === "t" || first === "d" || first === "m") return 1;
  const second = text[at + 1]?.toLowerCase();
  if (first === "l") return second === "l" ? 2 : 0;
  return (first === "v" || first === "r") && second === "e" ? 2 : 0;
};
