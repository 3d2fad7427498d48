import { closest } from "./did-you-mean.ts";

/**
 * Refuses options that do not exist: a misspelt limit must not become no limit.
 *
 * @throws TypeError when `options` is no object, or has a key that is not known.
 */
export const checkKeys = (action: string, name: string, options: unknown, known: readonly string[]): void => {
  if (typeof options !== "object" || options === null || Array.isArray(options)) {
    throw new TypeError(`Cannot ${action}: "${name}" must be an object, got ${JSON.stringify(options)}`);
  }
  const stranger = Object.keys(options).find((key) => !known.includes(key));
  if (stranger === undefined) return;
  const meant = closest(stranger, known);
  const hint = meant === undefined ? "" : `. Did you mean "${meant}"?`;
  throw new TypeError(`Cannot ${action}: "${name}" has no option "${stranger}"; it has ${known.join(", ")}${hint}`);
};
