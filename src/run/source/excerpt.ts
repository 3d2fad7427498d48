/** A text from a file as it may stand in a message: on one line, short, without control characters. */
export const excerpt = (text: string, maxLength = 76): string =>
  text.length <= maxLength ? printable(text) : `${printable(text.slice(0, maxLength - 1))}…`;

/** The part of a text around a position, and below it a caret with what is wrong there. */
export const pointedExcerpt = (text: string, position: number, remark: string): readonly [string, string] => {
  const start = position > 60 ? position - 50 : 0;
  const before = (start > 0 ? "…" : "") + printable(text.slice(start, position));
  const after = excerpt(text.slice(position, position + 200), Math.max(12, 76 - before.length));
  return [before + after, `${" ".repeat(columns(before))}^ ${remark}`];
};

/** C0 and C1 controls, line separators, and marks that turn the direction of the text around them. */
// oxlint-disable-next-line no-control-regex -- the point is to find them
const unprintable = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;

const printable = (text: string): string => text.replace(unprintable, " ");

/** Chinese, Japanese, Korean and full-width letters take two columns of a terminal. */
const wide = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/g;

const columns = (text: string): number => text.length + (text.match(wide)?.length ?? 0);
