/** A key as it may be shown: `sk-…a1f3`. A short one shows nothing of itself. */
export const maskKey = (key: string): string => {
  if (key.length < 16) return "…";
  const prefix = /^[A-Za-z]{2,5}[-_]/.exec(key)?.[0] ?? "";
  return `${prefix}…${key.slice(-4)}`;
};

/** Removes a key, and whatever has the shape of one, from text and from anything that holds text. */
export interface Redactor {
  readonly text: (text: string) => string;
  readonly value: (value: unknown) => unknown;
}

/** Vendors echo the key in their errors, whole or half masked with asterisks. */
const keyShape = /\b(?:sk|pk|rk|gsk|xai|tgp|fw|csk|nvapi)[-_][\w*.…-]{7,}[\w*]|(?<=\bbearer\s+)[\w~+/.=*-]{8,}/gi;

const maxDepth = 8;

/** @param key the key in use, when there is one. */
export const createRedactor = (key?: string): Redactor => {
  const text = (value: string): string => {
    const known = key === undefined || key.length < 4 ? value : value.replaceAll(key, maskKey(key));
    return known.replace(keyShape, (match) => (match.includes("…") ? match : maskKey(match)));
  };
  const walk = (value: unknown, depth: number): unknown => {
    if (typeof value === "string") return text(value);
    if (typeof value !== "object" || value === null) return value;
    if (depth >= maxDepth) return "…";
    if (Array.isArray(value)) return value.map((item) => walk(item, depth + 1));
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [text(name), walk(item, depth + 1)]));
  };
  return { text, value: (value) => walk(value, 0) };
};
