import { isJsonObject, type JsonObject, type JsonValue } from "../../call/json.ts";
import type { RecognizedRequest } from "./recognized-request.ts";

/** How the events of a streamed answer are written. */
export interface EventFraming {
  readonly contentType: string;
  written(event: JsonObject, isFirst: boolean): string;
  /** What ends a whole answer. */
  last(isEmpty: boolean): string;
}

/** As the client that asked expects them. */
export const framingOf = ({ operation, isList }: RecognizedRequest): EventFraming => {
  if (isList) return list;
  if (operation === "chat") return chat;
  return operation === "messages" || operation === "responses" ? named : plain;
};

const contentType = "text/event-stream; charset=utf-8";

const data = (event: JsonObject): string => `data: ${JSON.stringify(event)}\n\n`;

const plain: EventFraming = { contentType, written: data, last: () => "" };

const chat: EventFraming = { contentType, written: (event) => data(asChunk(event)), last: () => "data: [DONE]\n\n" };

/** Anthropic's and the newer OpenAI events carry their type as their name, too, and some clients heed nothing else. */
const named: EventFraming = {
  contentType,
  written: (event) => {
    const { type } = event;
    return typeof type === "string" ? `event: ${type}\n${data(event)}` : data(event);
  },
  last: () => "",
};

const list: EventFraming = {
  contentType: "application/json; charset=UTF-8",
  written: (event, isFirst) => `${isFirst ? "[" : ",\r\n"}${JSON.stringify(event)}`,
  last: (isEmpty) => (isEmpty ? "[]" : "]"),
};

/** A server that cannot stream gives the whole answer at once: to whoever reads chunks, it is one large one. */
const asChunk = (event: JsonObject): JsonObject => {
  const { choices } = event;
  if (!Array.isArray(choices) || !(choices as readonly JsonValue[]).some(isWhole)) return event;
  return {
    ...event,
    object: "chat.completion.chunk",
    choices: (choices as readonly JsonValue[]).map((choice) => (isWhole(choice) ? asDelta(choice) : choice)),
  };
};

const isWhole = (choice: JsonValue): choice is JsonObject =>
  isJsonObject(choice) && isJsonObject(choice["message"]) && choice["delta"] === undefined;

const asDelta = ({ message, ...choice }: JsonObject): JsonObject => {
  const delta = isJsonObject(message) ? message : {};
  const { tool_calls: calls } = delta;
  if (!Array.isArray(calls)) return { ...choice, delta };
  const numbered = (calls as readonly JsonValue[]).map((call, index) =>
    isJsonObject(call) ? { index, ...call } : call,
  );
  return { ...choice, delta: { ...delta, tool_calls: numbered } };
};
