/** A key like no other text, of no vendor's shape, with letters that are written otherwise in addresses. */
export const canary = "Canary7Q9zLx4VbN2+mKj8R/tWp3YcHf5gD";

/** The same for other slots: each is a key of its own. */
export const canaryOf = (slot: number): string =>
  `Canary${slot}${"QzLxVbNmKjRtWpYcHfGd".slice(slot)}/${slot}TgBnHyUjMkIo`;

/** The pieces of keys that a text shows: as they are, URL-encoded, or in base64, in capitals or not. */
export const traces = (text: string, keys: readonly string[] = [canary]): readonly string[] => {
  const lower = text.toLowerCase();
  return [...new Set(keys.flatMap(piecesOf))].filter((piece) => lower.includes(piece));
};

const piecesOf = (key: string): readonly string[] =>
  [key, encodeURIComponent(key), key.split("").toReversed().join(""), ...base64Of(key)].flatMap((spelling) =>
    Array.from({ length: spelling.length - 7 }, (_, at) => spelling.slice(at, at + 8).toLowerCase()),
  );

const base64Of = (key: string): readonly string[] =>
  [0, 1, 2].map((before) =>
    Buffer.from(" ".repeat(before) + key)
      .toString("base64")
      .slice(before + 1, -4),
  );
