/** The first `length` UTF-16 units of a text, without half a character at the end. */
export const clipText = (text: string, length: number): string => {
  if (text.length <= length) return text;
  const last = text.charCodeAt(length - 1);
  const clipped = text.slice(0, last >= 0xd800 && last <= 0xdbff ? length - 1 : length);
  // A slice keeps the whole text it was cut from alive; a round trip makes it a string of its own.
  return Buffer.from(clipped).toString();
};
