/** What an expression is made of: a letter for each of its classes, and its literal words. */
interface Pieces {
  readonly letters: readonly string[];
  readonly words: readonly string[];
}

/** One text for every size: what makes an expression that searches badly search long. */
export interface Attack {
  readonly name: string;
  readonly text: (length: number) => string;
}

const tails = ["", "\u0000", "!", "\n", "}"];

/** What was seen to hurt parsers of any kind. */
const usual = [
  " ",
  "\t",
  "\n",
  '"',
  "'",
  "\\",
  "0",
  "9.",
  "a",
  "A",
  "-",
  ",",
  ";",
  "=",
  "/",
  "{",
  "{{",
  "}}",
  "[",
  "<",
  "<a",
  "é",
  "文",
];

/** Repeats of what the expression looks for, alone, in pairs and after its words, with ends that do not fit. */
export const attacksOn = (regex: RegExp): readonly Attack[] => {
  const { letters, words } = piecesOf(regex);
  const pairs = letters.flatMap((one) => letters.filter((other) => other !== one).map((other) => one + other));
  const units = [...new Set([...letters, ...words, ...pairs.slice(0, 24)])];
  const starts = ["", ...words.slice(0, 4)];
  return [
    ...units.flatMap((unit) =>
      starts.flatMap((start) =>
        (start === "" ? tails.slice(0, 3) : ["\u0000"]).map((tail) => repeated(start, unit, tail)),
      ),
    ),
    ...usual.map((unit) => repeated("", unit, "\u0000")),
  ];
};

/** Repeats for parsers that are more than one expression. */
export const usualAttacks = (units: readonly string[]): readonly Attack[] =>
  [...units, ...usual].map((unit) => repeated("", unit, "\u0000"));

const repeated = (start: string, unit: string, tail: string): Attack => ({
  name: JSON.stringify(`${start}(${unit})*${tail}`),
  text: (length) => start + unit.repeat(Math.ceil(length / unit.length)) + tail,
});

const token =
  /\[(?:[^\]\\]|\\.)*\]|\\[pP]\{[^}]+\}|\\u[0-9a-f]{4}|\\x[0-9a-f]{2}|\\.|\(\?(?:<?[=!]|:|<\w+>)|\{\d+(?:,\d*)?\}|[()|*+?^$.]|[^]/gi;

const piecesOf = ({ source, flags }: RegExp): Pieces => {
  const [letters, words] = [new Set<string>(), new Set<string>()];
  let word = "";
  for (const [piece] of source.matchAll(token)) {
    const own = lettersOf(piece, flags);
    for (const letter of own) letters.add(letter);
    if (own.length === 1) word += own.join("");
    else {
      if (word.length > 1) words.add(word);
      word = own[0] ?? "";
    }
  }
  if (word.length > 1) words.add(word);
  return { letters: [...letters].slice(0, 14), words: [...words].slice(0, 12) };
};

const alphabet = [
  ..."aAz09_- \t\n\r\"'\\/<>{}[]():;,.=*#&%$@!?^~|+`".split(""),
  "\u0000",
  "\u001b",
  "\u0085",
  "\u202e",
  "é",
  "文",
  "日",
  "👩",
];

/** Up to two letters that one piece of an expression matches; none for what only groups or repeats. */
const lettersOf = (piece: string, flags: string): readonly string[] => {
  if (/^(?:[()|*+?^$]|\(\?.*|\{\d.*|\\[bB1-9k])$/.test(piece)) return [];
  const one = new RegExp(`^(?:${piece})$`, flags.replace(/[gy]/g, ""));
  return alphabet.filter((letter) => one.test(letter)).slice(0, piece.length > 2 ? 3 : 1);
};
