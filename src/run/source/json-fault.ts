/** Where a text stops being JSON. */
export interface JsonFault {
  /** In characters, from 0. */
  readonly position: number;
  readonly remark: string;
}

/** Finds the first character that JSON does not allow; JSON.parse names it for some mistakes only. */
export const jsonFault = (text: string): JsonFault | undefined => {
  const closers: Closer[] = [];
  let expected: Expected = "value";
  for (let at = afterSpace(text, 0); at < text.length;) {
    const token = tokenAt(text, at);
    const next: Expected | undefined = token.fault === undefined ? following(token.kind, expected, closers) : undefined;
    if (next === undefined) return faultAt(text, token.fault ?? at);
    expected = next;
    at = afterSpace(text, token.end);
  }
  return expected === "end" ? undefined : faultAt(text, text.trimEnd().length);
};

type Closer = "}" | "]";
type Kind = "{" | "}" | "[" | "]" | "," | ":" | "string" | "plain";
type Expected = "value" | "value or ]" | "key" | "key or }" | "colon" | "comma" | "end";

interface Token {
  readonly kind: Kind;
  readonly end: number;
  /** Where the token itself is broken. */
  readonly fault?: number;
}

const faultAt = (text: string, position: number): JsonFault => {
  const found = String.fromCodePoint(text.codePointAt(position) ?? 0);
  if (position >= text.length) return { position, remark: "the line ends too early" };
  return { position, remark: found < " " ? "unexpected control character" : `unexpected ${found}` };
};

/** What may stand after a token; nothing when the token may not stand here itself. */
const following = (kind: Kind, expected: Expected, closers: Closer[]): Expected | undefined => {
  if (kind === "}" || kind === "]") {
    const closable = expected === "comma" || expected === (kind === "}" ? "key or }" : "value or ]");
    return closable && closers.pop() === kind ? afterValue(closers) : undefined;
  }
  if (kind === ",") return expected === "comma" ? (closers.at(-1) === "}" ? "key" : "value") : undefined;
  if (kind === ":") return expected === "colon" ? "value" : undefined;
  if (expected === "key" || expected === "key or }") return kind === "string" ? "colon" : undefined;
  if (expected !== "value" && expected !== "value or ]") return undefined;
  if (kind !== "{" && kind !== "[") return afterValue(closers);
  closers.push(kind === "{" ? "}" : "]");
  return kind === "{" ? "key or }" : "value or ]";
};

const afterValue = (closers: readonly Closer[]): Expected => (closers.length === 0 ? "end" : "comma");

const afterSpace = (text: string, start: number): number => {
  let at = start;
  while (" \t\r\n".includes(text[at] ?? "x")) at++;
  return at;
};

const tokenAt = (text: string, at: number): Token => {
  const character = text[at] ?? "";
  if (isMark(character)) return { kind: character, end: at + 1 };
  return character === '"' ? stringAt(text, at) : plainAt(text, at);
};

const isMark = (character: string): character is Exclude<Kind, "string" | "plain"> => "{}[],:".includes(character);

/** A loop rather than one pattern, because a pattern overflows its stack on strings of megabytes. */
const stringAt = (text: string, start: number): Token => {
  for (let at = start + 1; at < text.length; at++) {
    const character = text[at] ?? "";
    if (character === '"') return { kind: "string", end: at + 1 };
    if (character < " ") return { kind: "string", end: at, fault: at };
    if (character === "\\") {
      escapeAt.lastIndex = at;
      const escape = escapeAt.exec(text);
      if (escape === null) return { kind: "string", end: at, fault: at + 1 };
      at += escape[0].length - 1;
    }
  }
  return { kind: "string", end: text.length, fault: text.length };
};

const escapeAt = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;
const plain = /(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)(?![\w.+-])/y;

const plainAt = (text: string, at: number): Token => {
  plain.lastIndex = at;
  const match = plain.exec(text);
  return match === null ? { kind: "plain", end: at, fault: at } : { kind: "plain", end: at + match[0].length };
};
