import { type JsonObject, type JsonValue, isJsonObject } from "../../call/json.ts";
import { isWireParam } from "./wire-params.ts";

/**
 * A row whose columns keep whole numbers beyond 2^53 as the text that stands in the file, so that ids and templates have
 * all their digits. What is a part of the request itself stays a number: a text is something else to a provider.
 */
export const exactNumbers = (row: JsonValue, text: string): JsonValue => {
  if (!isJsonObject(row)) return row;
  const names = Object.keys(row).filter((name) => !isRequest(name) && isRounded(row[name]));
  if (names.length === 0) return row;
  const exact = JSON.parse(withQuotedNumbers(text)) as JsonObject;
  // Unlike an assignment, `fromEntries` makes an ordinary column of `__proto__` too.
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [name, names.includes(name) ? (exact[name] ?? value) : value]),
  );
};

const isRequest = (name: string): boolean => requestFields.has(name) || isWireParam(name);

const requestFields: ReadonlySet<string> = new Set(["body", "messages", "params"]);

const isRounded = (value: JsonValue | undefined): boolean => {
  if (typeof value === "number") return Number.isInteger(value) && !Number.isSafeInteger(value);
  return (
    typeof value === "object" && value !== null && Object.values(value).some((inner) => isRounded(inner as JsonValue))
  );
};

const withQuotedNumbers = (text: string): string => {
  let result = "";
  let taken = 0;
  for (let at = 0; at < text.length;) {
    if (text[at] === '"') {
      at = afterString(text, at);
      continue;
    }
    const number = wholeNumber(text, at);
    if (number !== undefined && !Number.isSafeInteger(Number(number))) {
      result += `${text.slice(taken, at)}"${number}"`;
      taken = at + number.length;
    }
    at += number?.length ?? 1;
  }
  return result + text.slice(taken);
};

const afterString = (text: string, start: number): number => {
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === "\\") at++;
    else if (text[at] === '"') return at + 1;
  }
  return text.length;
};

const wholeNumberAt = /-?\d+(?![\d.eE])/y;

const wholeNumber = (text: string, at: number): string | undefined => {
  if (at > 0 && numeric.test(text[at - 1] ?? "")) return undefined;
  wholeNumberAt.lastIndex = at;
  return wholeNumberAt.exec(text)?.[0];
};

/** What a whole number does not stand right behind. */
const numeric = /[\d.eE+-]/;
