/** Text as it may go to a terminal: without control characters, and without those that turn its direction. Newlines stay. */
export const printable = (text: string): string => text.replace(/\r\n?/g, "\n").replace(hidden, "");

/** The same on one line. */
export const printableLine = (text: string): string => printable(text).replace(/\s+/g, " ").trim();

/** Whole escape sequences, so that their letters do not stay behind; then C0, DEL, C1, and the marks that reorder text. */
const hidden =
  // oxlint-disable-next-line no-control-regex -- control characters are what this is about
  /\u001b\[[0-?]*[ -/]*[@-~]|\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)|[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
