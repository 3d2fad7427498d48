import { isJsonObject, type JsonObject, type JsonValue } from "../../call/json.ts";

/** A part of a message under construction. */
export type Draft = Record<string, JsonValue | undefined>;

/** Fields that a later fragment repeats instead of continuing. */
const settled: ReadonlySet<string> = new Set(["role", "id", "type", "name", "index", "format", "object"]);

/**
 * Adds a fragment to what came before: strings are continued, lists extended, objects merged.
 *
 * @returns how many characters it added.
 */
export const mergeDelta = (draft: Draft, delta: JsonObject): number => {
  let added = 0;
  for (const name in delta) {
    const piece = delta[name];
    if (piece === undefined || piece === null || (piece === "" && draft[name] !== undefined)) continue;
    added += sizeOf(piece);
    draft[name] = merged(name, draft[name], piece);
  }
  return added;
};

const merged = (name: string, before: JsonValue | undefined, piece: JsonValue): JsonValue => {
  if (name === "tool_calls" && Array.isArray(piece)) return mergeToolCalls(before, piece as readonly JsonValue[]);
  if (Array.isArray(piece)) return mergeList(before, piece as readonly JsonValue[]);
  if (isJsonObject(piece)) {
    const draft: Draft = isJsonObject(before) ? { ...before } : {};
    mergeDelta(draft, piece);
    return draft;
  }
  if (typeof piece !== "string" || settled.has(name)) return piece;
  if (Array.isArray(before)) return [...(before as readonly JsonValue[]), { type: "text", text: piece }];
  return typeof before === "string" ? before + piece : piece;
};

const mergeList = (before: JsonValue | undefined, pieces: readonly JsonValue[]): JsonValue => {
  const list: JsonValue[] = Array.isArray(before) ? (before as JsonValue[]) : [];
  if (typeof before === "string" && before !== "") list.push({ type: "text", text: before });
  for (const piece of pieces) {
    const index = isJsonObject(piece) ? piece["index"] : undefined;
    const at = typeof index === "number" ? list.findIndex((item) => isJsonObject(item) && item["index"] === index) : -1;
    if (at < 0 || !isJsonObject(piece)) list.push(piece);
    else list[at] = merged("", list[at], piece);
  }
  return list;
};

/** Fragments of one call share an index; where a vendor leaves it out or repeats it, a new id begins a new call. */
const mergeToolCalls = (before: JsonValue | undefined, pieces: readonly JsonValue[]): JsonValue => {
  const calls: JsonValue[] = Array.isArray(before) ? (before as JsonValue[]) : [];
  for (const piece of pieces) {
    if (!isJsonObject(piece)) continue;
    const at = callOf(calls, piece);
    if (at < 0) calls.push(merged("", undefined, piece));
    else calls[at] = merged("", calls[at], piece);
  }
  return calls;
};

const callOf = (calls: readonly JsonValue[], piece: JsonObject): number => {
  const { id, index } = piece as { readonly id?: JsonValue; readonly index?: JsonValue };
  if (typeof id === "string" && id !== "") {
    const known = calls.findIndex((call) => isJsonObject(call) && call["id"] === id);
    if (known >= 0) return known;
    return calls.findIndex((call) => isJsonObject(call) && !call["id"] && call["index"] === index);
  }
  if (typeof index !== "number") return calls.length - 1;
  return calls.findLastIndex((call) => isJsonObject(call) && call["index"] === index);
};

const sizeOf = (piece: JsonValue): number => {
  if (typeof piece === "string") return piece.length;
  if (typeof piece !== "object" || piece === null) return 8;
  let size = 16;
  for (const item of Object.values(piece)) size += item === undefined ? 0 : sizeOf(item as JsonValue);
  return size;
};
