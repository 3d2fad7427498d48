/** The beginning of a text in one line, fit for a message: no control characters, no markup. */
export const excerpt = (text: string, maxLength = 300): string => {
  const head = text.slice(0, 20_000);
  const title = /<title[^<>]*>([^<]*)<\/title>/i.exec(head)?.[1]?.trim();
  const plain = title !== undefined && title !== "" ? title : withoutMarkup(head);
  const line = plain.replace(/[\s\p{Cc}\p{Cf}]+/gu, " ").trim();
  return line.length > maxLength ? `${line.slice(0, maxLength - 1)}…` : line;
};

const withoutMarkup = (text: string): string =>
  /^\s*</.test(text) ? withoutCode(text).replace(/<[^<>]*>/g, " ") : text;

/** What lies between an opening tag and the next closing one; searched so that it takes linear time for any text. */
const withoutCode = (text: string): string =>
  text
    .split(/<\/(?:style|script)>/i)
    .map((piece, place, { length }) => (place === length - 1 ? piece : (piece.split(/<(?:style|script)\b/i)[0] ?? "")))
    .join(" ");
