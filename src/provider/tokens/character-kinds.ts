/** What sort of character it is, as far as it matters to where tokenizers cut and how many tokens come out. */
export const kinds = {
  lower: 0,
  upper: 1,
  /** Latin letters beyond ASCII; up to here they make words. */
  accented: 2,
  digit: 3,
  space: 4,
  blank: 5,
  newline: 6,
  /** Marks that nearly always are one token with the word after them, such as `.name` or `_name`. */
  joiningMark: 7,
  /** Marks that often are. */
  looseMark: 8,
  apostrophe: 9,
  /** Marks that seldom are. */
  mark: 10,
  /** From here on what counts is how long a run of one kind is. */
  symbol: 11,
  wideMark: 12,
  surrogate: 13,
  han: 14,
  kana: 15,
  hangul: 16,
  /** Greek too. */
  cyrillic: 17,
  semitic: 18,
  otherLetter: 19,
} as const;

/** Later ones win; what none names is a symbol. */
const ranges: readonly (readonly [first: number, last: number, kind: number])[] = [
  [0x00, 0x1f, kinds.blank],
  [0x0a, 0x0a, kinds.newline],
  [0x0d, 0x0d, kinds.newline],
  [0x20, 0x20, kinds.space],
  [0x21, 0x7e, kinds.mark],
  [0x30, 0x39, kinds.digit],
  [0x41, 0x5a, kinds.upper],
  [0x61, 0x7a, kinds.lower],
  [0x85, 0x85, kinds.blank],
  [0xa0, 0xa0, kinds.blank],
  [0xaa, 0xaa, kinds.accented],
  [0xb5, 0xb5, kinds.accented],
  [0xba, 0xba, kinds.accented],
  [0xc0, 0x24f, kinds.accented],
  [0xd7, 0xd7, kinds.symbol],
  [0xf7, 0xf7, kinds.symbol],
  [0x250, 0x36f, kinds.otherLetter],
  [0x370, 0x52f, kinds.cyrillic],
  [0x530, 0x58f, kinds.otherLetter],
  [0x590, 0x6ff, kinds.semitic],
  [0x700, 0x1dff, kinds.otherLetter],
  [0x1e00, 0x1eff, kinds.accented],
  [0x1f00, 0x1fff, kinds.cyrillic],
  [0x2000, 0x200a, kinds.blank],
  [0x2010, 0x2027, kinds.wideMark],
  [0x2028, 0x2029, kinds.blank],
  [0x2030, 0x205e, kinds.wideMark],
  [0x2d00, 0x2ddf, kinds.otherLetter],
  [0x3000, 0x3000, kinds.blank],
  [0x3001, 0x303f, kinds.wideMark],
  [0x3040, 0x30ff, kinds.kana],
  [0x3100, 0x31ff, kinds.otherLetter],
  [0x3400, 0x9fff, kinds.han],
  [0xa000, 0xabff, kinds.otherLetter],
  [0xac00, 0xd7af, kinds.hangul],
  [0xd800, 0xdfff, kinds.surrogate],
  [0xf900, 0xfaff, kinds.han],
  [0xfb00, 0xfdff, kinds.semitic],
  [0xfe70, 0xfefe, kinds.semitic],
  [0xff01, 0xff65, kinds.wideMark],
  [0xff66, 0xffdc, kinds.kana],
];

/** The kind of every UTF-16 code unit. */
export const kindOf: Uint8Array = new Uint8Array(0x10000).fill(kinds.symbol);
for (const [first, last, kind] of ranges) kindOf.fill(kind, first, last + 1);
for (const mark of "_.(%=;") kindOf[mark.charCodeAt(0)] = kinds.joiningMark;
for (const mark of "#-$</:,[\\") kindOf[mark.charCodeAt(0)] = kinds.looseMark;
kindOf[0x27] = kinds.apostrophe;
