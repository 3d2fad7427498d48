import stringWidth from "string-width";

/** A text in lines of at most that many columns, at most so many of them; what was left out is marked. */
export const wrapText = (text: string, columns: number, mostLines: number, ellipsis = "…"): readonly string[] => {
  const lines: string[] = [""];
  let used = 0;
  for (const { segment } of words.segment(text)) {
    for (const piece of piecesOf(segment, columns)) {
      const width = stringWidth(piece);
      if (used + width > columns && used > 0) {
        if (lines.length === mostLines) return marked(lines, columns, ellipsis);
        lines.push("");
        used = 0;
        if (piece.trim() === "") continue;
      }
      lines[lines.length - 1] += piece;
      used += width;
    }
  }
  return lines.map((line) => line.trimEnd());
};

const words = new Intl.Segmenter(undefined, { granularity: "word" });
const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** What is wider than a line is no word for this purpose. */
const piecesOf = (word: string, columns: number): readonly string[] =>
  stringWidth(word) <= columns ? [word] : [...graphemes.segment(word)].map(({ segment }) => segment);

const marked = (lines: readonly string[], columns: number, ellipsis: string): readonly string[] => {
  const before = lines.slice(0, -1).map((line) => line.trimEnd());
  let last = (lines.at(-1) ?? "").trimEnd();
  while (last !== "" && stringWidth(last + ellipsis) > columns) {
    last = [...graphemes.segment(last)]
      .slice(0, -1)
      .map(({ segment }) => segment)
      .join("");
  }
  return [...before, last + ellipsis];
};
