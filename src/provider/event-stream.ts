import { StringDecoder } from "node:string_decoder";
import { createParser } from "eventsource-parser";
import { createBareErrors } from "./bare-json.ts";
import { createEventFields } from "./event-fields.ts";

/** One event of a `text/event-stream`. */
export interface ServerSentEvent {
  /** Absent when the server named none. */
  readonly name?: string;
  readonly data: string;
}

/** Turns bytes, however they are cut, into events. */
export interface EventStream {
  feed(bytes: Uint8Array): void;
  /** Delivers an event that the end of the stream left without its blank line: many servers forget it. */
  end(): void;
}

/** Options of `createEventStream`. */
export interface EventStreamOptions {
  readonly onEvent: (event: ServerSentEvent) => void;
  /** The longest event, in characters. @default 16 Mi */
  readonly maxEventLength?: number;
}

/**
 * Reads a stream of events by the rules of WHATWG, but keeps an unterminated last one, and takes an error that stands
 * outside of any event for one named `error`. Throws when an event is too long.
 */
export const createEventStream = (options: EventStreamOptions): EventStream => {
  const { onEvent, maxEventLength = 16 * 2 ** 20 } = options;
  // A `TextDecoder` that streams costs four times as much for each chunk on Node 20.
  const decoder = new StringDecoder("utf8");
  const withLineFeeds = createLineFeeds();
  const onBareLine = createBareErrors((data) => onEvent({ name: "error", data }));
  let first = true;
  const parser = createParser({
    maxBufferSize: maxEventLength,
    onEvent: ({ event, data }) => onEvent(event === undefined ? { data } : { name: event, data }),
    onError: () => {
      throw new RangeError(`An event of the stream is longer than ${maxEventLength} characters`);
    },
  });
  const divide = createEventFields({
    maxLength: maxEventLength,
    pass: (text) => parser.feed(text),
    tell: (line) => {
      // llama.cpp reports an error in a field of that name, where others use `data`.
      const field = /^error(?:: ?|$)/.exec(line);
      if (field === null) onBareLine(line);
      else onEvent({ name: "error", data: line.slice(field[0].length) });
    },
  });
  const parse = (text: string): void => {
    if (text === "") return;
    divide(withLineFeeds(first && text.startsWith("\uFEFF") ? text.slice(1) : text));
    first = false;
  };
  return {
    feed: (bytes) => parse(decoder.write(bytes)),
    end: () => parse(`${decoder.end()}\n\n`),
  };
};

/**
 * Makes an LF of every line end. The parser would wait with a CR at the end of a chunk for what comes next, and lose the
 * last event of a stream that ends with one.
 */
const createLineFeeds = (): ((text: string) => string) => {
  let afterReturn = false;
  return (text) => {
    const rest = afterReturn && text.startsWith("\n") ? text.slice(1) : text;
    afterReturn = text.endsWith("\r");
    return rest.includes("\r") ? rest.replaceAll("\r\n", "\n").replaceAll("\r", "\n") : rest;
  };
};
