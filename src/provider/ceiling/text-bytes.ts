/**
 * How many bytes a text has at most when a tokenizer takes it up: as UTF-8, in its own form or in the one that some
 * tokenizers bring it to first.
 */
export const textBytes = (text: string): number => {
  const bytes = utf8Bytes(text);
  // Only what is not ASCII has another form; a few letters become several, such as ligatures.
  return bytes === text.length ? bytes : Math.max(bytes, utf8Bytes(text.normalize("NFKC")));
};

const utf8Bytes = (text: string): number => {
  let bytes = text.length;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    // Half of a pair counts as three bytes, as it does when the other half is missing.
    if (unit >= 0x80) bytes += unit < 0x800 ? 1 : 2;
  }
  return bytes;
};
