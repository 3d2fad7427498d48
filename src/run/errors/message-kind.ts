/**
 * What failures of one cause have in common in their messages: without what each of them has of its own, such as quoted
 * values, numbers, ids and addresses.
 */
export const messageKind = (message: string): string =>
  own.reduce((text, [pattern, sign]) => text.replace(pattern, sign), message.slice(0, longest)).trim();

/** Beyond this, messages differ by what they quote. */
const longest = 500;

/** In this order: a quoted text may hold anything, an id may hold numbers. */
const own: readonly (readonly [RegExp, string])[] = [
  [/"[^"]{0,400}"|“[^”]{0,400}”|‘[^’]{0,400}’|「[^」]{0,400}」|`[^`]{0,400}`/gu, "“”"],
  [/(?<![\p{L}\d])'[^']{0,400}'(?![\p{L}\d])/gu, "“”"],
  [/[a-z][a-z+.-]{1,20}:\/\/[^\s)\]]+/giu, "url"],
  [/\b[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}\b/giu, "#"],
  [/\b[a-z]{1,12}[-_][\w-]{0,60}\d[\w-]*/giu, "#"],
  [/\b(?=[\w-]*\d)(?=[\w-]*[a-z])[\w-]{8,}\b/giu, "#"],
  [/\d+(?:[.,:]\d+)*/gu, "#"],
  [/\s+/gu, " "],
];
