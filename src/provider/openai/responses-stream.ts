import { isJsonObject, type JsonObject, type JsonValue } from "../../call/json.ts";
import type { StreamEvent } from "../../call/stream-event.ts";
import type { StreamCollector } from "../wire-format.ts";
import type { Draft } from "./merge-delta.ts";
import { type ResponsePiece, pieceOf } from "./response-pieces.ts";
import { responsesText, responsesUsage } from "./responses-codec.ts";

/** Folds the events of a streamed response into the whole one. */
export const createResponsesCollector = (): StreamCollector => new ResponsesCollector();

/** The events that end a stream, and the status that they leave behind; the one of a failure never gets here. */
const terminal: ReadonlyMap<unknown, string> = new Map([
  ["response.completed", "completed"],
  ["response.incomplete", "incomplete"],
  ["response.cancelled", "cancelled"],
]);

class ResponsesCollector implements StreamCollector {
  #response: JsonObject = {};
  readonly #items = new Map<number, Draft>();
  #textSeen = false;
  #ended = false;
  length = 0;
  reportedOutputTokens: number | undefined;

  get complete(): boolean {
    return this.#ended;
  }

  get finished(): boolean {
    return this.#ended;
  }

  /** The protocol has no such event, but gateways send `[DONE]`. */
  addText(data: string): boolean {
    return data.trim() === "[DONE]";
  }

  add(event: JsonObject): StreamEvent {
    const { type, response, item, part } = event;
    const piece = pieceOf(type);
    if (piece !== undefined) return this.#addPiece(event, piece);
    if (isJsonObject(response)) return this.#addResponse(event, response);
    if (isJsonObject(item)) return this.#addItem(event, item);
    if (isJsonObject(part)) this.#addPart(event, part);
    // Events of kinds that are not folded: their item comes whole at its end.
    return { body: event, text: "", content: typeof event["delta"] === "string" && event["delta"] !== "" };
  }

  /** The response of the last event is whole; where a gateway left its output out, there is what was collected. */
  body(): JsonObject {
    const { output } = this.#response;
    if (Array.isArray(output) && (output.length > 0 || this.#items.size === 0)) return this.#response;
    const items = [...this.#items].sort(([a], [b]) => a - b);
    return { ...this.#response, output: items.map(([, item]) => item as JsonObject) };
  }

  #addResponse(event: JsonObject, response: JsonObject): StreamEvent {
    const status = terminal.get(event["type"]);
    this.#response = { ...this.#response, ...(status !== undefined && { status }), ...response };
    this.reportedOutputTokens = responsesUsage(response)?.outputTokens ?? this.reportedOutputTokens;
    if (status === undefined) return { body: event, text: "", content: false };
    this.#ended = true;
    const text = this.#textSeen ? "" : responsesText(this.body());
    return { body: event, text, content: text !== "" };
  }

  #addItem(event: JsonObject, item: JsonObject): StreamEvent {
    const index = indexOf(event, "output_index");
    const isNew = !this.#items.has(index);
    this.#items.set(index, { ...item });
    const announced = item["type"] === "message" || item["type"] === "reasoning";
    if (!announced) this.length += JSON.stringify(item).length;
    return { body: event, text: "", content: isNew && !announced };
  }

  #addPart(event: JsonObject, part: JsonObject): void {
    const list = event["summary_index"] === undefined ? "content" : "summary";
    const item = this.#item(event, list === "summary" ? "reasoning" : "message");
    partsOf(item, list)[indexOf(event, placeIn[list])] = { ...part };
  }

  #addPiece(event: JsonObject, piece: ResponsePiece): StreamEvent {
    const target = this.#target(event, piece);
    const before = textOf(target[piece.field]);
    const added = piece.ended ? missing(before, textOf(event[piece.field])) : textOf(event["delta"]);
    target[piece.field] = before + added;
    this.length += added.length;
    const text = piece.isText ? added : "";
    this.#textSeen ||= text !== "";
    return { body: event, text, content: added !== "" };
  }

  #target(event: JsonObject, { item: type, list, part }: ResponsePiece): Draft {
    const item = this.#item(event, type);
    if (list === undefined) return item;
    const parts = partsOf(item, list);
    const index = indexOf(event, placeIn[list]);
    const draft: Draft = { ...(isJsonObject(parts[index]) ? parts[index] : { type: part }) };
    parts[index] = draft as JsonObject;
    return draft;
  }

  #item(event: JsonObject, type: string): Draft {
    const index = indexOf(event, "output_index");
    const known = this.#items.get(index);
    if (known !== undefined) return known;
    const item: Draft = type === "message" ? { type, role: "assistant" } : { type };
    this.#items.set(index, item);
    return item;
  }
}

/** The end of a piece repeats it whole; that brings something new only where deltas were left out. */
const missing = (before: string, whole: string): string => (whole.startsWith(before) ? whole.slice(before.length) : "");

const placeIn = { content: "content_index", summary: "summary_index" } as const;

/** The parts of an item that is being built. The list is our own: events belong to their reader. */
const partsOf = (item: Draft, list: "content" | "summary"): JsonValue[] => {
  const parts = Array.isArray(item[list]) ? [...(item[list] as readonly JsonValue[])] : [];
  item[list] = parts;
  return parts;
};

const indexOf = (event: JsonObject, name: string): number => {
  const index = event[name];
  return typeof index === "number" && index >= 0 && index < 10_000 ? index : 0;
};

const textOf = (value: JsonValue | undefined): string => (typeof value === "string" ? value : "");
