/** The beginning of a text in one line, fit for a message: no control characters, no markup. */
export const excerpt = (text: string, maxLength = 300): string => {
  const head = text.slice(0, 20_000);
  const title = /<title[^>]*>([^<]*)<\/title>/i.exec(head)?.[1]?.trim();
  const plain = title !== undefined && title !== "" ? title : withoutMarkup(head);
  const line = plain.replace(/[\s\p{Cc}\p{Cf}]+/gu, " ").trim();
  return line.length > maxLength ? `${line.slice(0, maxLength - 1)}…` : line;
};

const withoutMarkup = (text: string): string =>
  /^\s*</.test(text) ? text.replace(/<(style|script)\b[\s\S]*?<\/\1>|<[^>]*>/gi, " ") : text;
