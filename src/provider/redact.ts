/** A key as it may be shown: `sk-…a1f3`. A short one shows nothing of itself. */
export const maskKey = (key: string): string => {
  if (key.length < 16) return "…";
  const prefix = /^[A-Za-z]{2,5}[-_]/.exec(key)?.[0] ?? "";
  return `${prefix}…${key.slice(-4)}`;
};

/** Removes keys, and whatever has the shape of one, from text and from anything that holds text. */
export interface Redactor {
  readonly text: (text: string) => string;
  readonly value: (value: unknown) => unknown;
}

/** Vendors echo the key in their errors, whole or half masked with asterisks. */
const keyShape = /\b(?:sk|pk|rk|gsk|xai|tgp|fw|csk|nvapi)[-_][\w*.…-]{7,}[\w*]/gi;

const bearer = /\b(bearer\s+)([\w~+/.=*-]{8,})/gi;

const maxDepth = 8;

/** @param keys those in use, and whatever else goes out in a header and is secret. */
export const createRedactor = (...keys: readonly (string | undefined)[]): Redactor => {
  const secrets = keys.filter((key) => key !== undefined && key.length >= 4).map((key) => secretOf(String(key)));
  const text = (value: string): string =>
    secrets
      .reduce((shown, secret) => withoutSecret(shown, secret), value)
      .replace(keyShape, masked)
      .replace(bearer, (_, word: string, token: string) => word + masked(token));
  const walk = (value: unknown, depth: number): unknown => {
    if (typeof value === "string") return text(value);
    if (typeof value !== "object" || value === null) return value;
    if (depth >= maxDepth) return "…";
    if (Array.isArray(value)) return value.map((item) => walk(item, depth + 1));
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [text(name), walk(item, depth + 1)]));
  };
  return { text, value: (value) => walk(value, 0) };
};

const masked = (match: string): string => (match.includes("…") ? match : maskKey(match));

/** A key in every spelling that an echo may have. */
interface Secret {
  readonly spellings: readonly string[];
  readonly mask: string;
  /** Every piece of it of `pieceLength` letters, in lower case; none of a short key. */
  readonly pieces: ReadonlySet<string>;
}

/** What is left of a key that somebody has cut or turned to capitals is still most of it. */
const pieceLength = 8;

const secretOf = (key: string): Secret => {
  const spellings = [key, encodeURIComponent(key), JSON.stringify(key).slice(1, -1)];
  const encoded = base64Of(key);
  const all = [...new Set(spellings)].filter((spelling) => spelling !== "");
  const long = key.length < 16 ? [] : [withoutKind(key), ...encoded];
  return { spellings: all, mask: maskKey(key), pieces: new Set(long.flatMap((one) => piecesOf(lowerCase(one)))) };
};

/** What tells all keys of a vendor apart from others' is no secret: `sk-proj-`, `sk-ant-api03-`. */
const withoutKind = (key: string): string => key.replace(/^(?:[A-Za-z]{2,5}[-_])(?:[A-Za-z]+\d{0,2}-){0,2}/, "");

/** Base64 at each of the three places in which a key can begin within what was encoded, without the letters at its edges. */
const base64Of = (key: string): readonly string[] =>
  [0, 1, 2].map((before) => {
    const text = Buffer.from(" ".repeat(before) + key).toString("base64");
    return text.replaceAll("=", "").slice(before === 0 ? 0 : before + 1, -1);
  });

const piecesOf = (text: string): readonly string[] =>
  Array.from({ length: Math.max(0, text.length - pieceLength + 1) }, (_, at) => text.slice(at, at + pieceLength));

/** Of ASCII alone, so that no letter changes its length. */
const lowerCase = (text: string): string => text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());

const withoutSecret = (text: string, { spellings, mask, pieces }: Secret): string => {
  const shown = spellings.reduce((rest, spelling) => rest.replaceAll(spelling, mask), text);
  return pieces.size === 0 || shown.length < pieceLength ? shown : withoutPieces(shown, pieces);
};

const withoutPieces = (text: string, pieces: ReadonlySet<string>): string => {
  const lower = lowerCase(text);
  let out = "";
  let kept = 0;
  for (let at = 0; at + pieceLength <= lower.length; at++) {
    if (!pieces.has(lower.slice(at, at + pieceLength))) continue;
    let end = at + pieceLength;
    while (end < lower.length && pieces.has(lower.slice(end + 1 - pieceLength, end + 1))) end++;
    out += `${text.slice(kept, at)}…`;
    kept = end;
    at = end - 1;
  }
  return out + text.slice(kept);
};
