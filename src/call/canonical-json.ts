import type { JsonValue } from "./json.ts";

/** JSON with the keys in order and no white space, so that equal values have equal texts. */
export const canonicalJson = (value: JsonValue): string => {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  // A date, say, that a caller without types has put in: it goes over the wire as it writes itself.
  if ("toJSON" in value) return canonicalJson(JSON.parse(JSON.stringify(value)) as JsonValue);
  const fields: string[] = [];
  for (const [key, field] of Object.entries(value).sort(byKey)) {
    if (field !== undefined) fields.push(`${JSON.stringify(key)}:${canonicalJson(field)}`);
  }
  return `{${fields.join(",")}}`;
};

const byKey = ([left]: [string, unknown], [right]: [string, unknown]): number =>
  left < right ? -1 : left > right ? 1 : 0;
