import { describe, expect, it } from "vitest";
import type { JsonObject } from "../call/json.ts";
import { chatFormat } from "./openai/chat-format.ts";
import { createEventStream } from "./event-stream.ts";
import { generateFormat } from "./gemini/generate-format.ts";
import { messagesFormat } from "./anthropic/messages-format.ts";
import { parsedJson } from "./parsed-json.ts";
import type { WireFormat } from "./wire-format.ts";
import { named, wholeMessage, wholeStream } from "../../test/fixtures/anthropic-stream.ts";
import { chunk, wholeAnswer, wholeStream as wholeChunks } from "../../test/fixtures/gemini-stream.ts";
import { done, piece, stop, usage } from "../../test/fixtures/streamed-answer.ts";

const completion = {
  id: "c",
  object: "chat.completion",
  choices: [{ index: 0, message: { role: "assistant", content: "Hello 日本" }, finish_reason: "stop" }],
  usage: { prompt_tokens: 3, completion_tokens: 2 },
};

interface Collected {
  readonly body: JsonObject;
  readonly text: string;
  readonly complete: boolean;
}

/** What a format makes of a stream whose bytes come in these pieces. */
const collected = (format: WireFormat, ...pieces: readonly Uint8Array[]): Collected => {
  const collector = format.createCollector();
  let text = "";
  const stream = createEventStream({
    onEvent: ({ data }) => {
      if (data === "" || collector.finished || collector.addText(data)) return;
      text += collector.add(parsedJson(data) as JsonObject).text;
    },
  });
  for (const bytes of pieces) stream.feed(bytes);
  stream.end();
  return { body: collector.body(), text, complete: collector.complete };
};

const formats: readonly [name: string, format: WireFormat, wire: string, body: JsonObject][] = [
  ["chat completions", chatFormat, piece("Hello ") + piece("日本") + stop + usage + done, completion],
  ["Anthropic's Messages", messagesFormat, wholeStream.map(named).join(""), wholeMessage],
  ["Gemini's generateContent", generateFormat, wholeChunks.map(chunk).join(""), wholeAnswer],
];

const lineEnds: readonly string[] = ["\n", "\r\n", "\r"];

describe.each(formats)("a stream of %s", (_, format, wire, body) => {
  const expected = { body, text: "Hello 日本", complete: true };

  it.each(lineEnds)("is the same wherever its bytes are cut, with lines that end in %j", (end) => {
    const bytes = Buffer.from(`\uFEFF: keep-alive${end}${end}${wire.replace(/\r?\n/g, end)}`);
    for (let at = 0; at <= bytes.length; at++) {
      expect(collected(format, bytes.subarray(0, at), bytes.subarray(at))).toEqual(expected);
    }
    expect(collected(format, ...[...bytes].map((byte) => Uint8Array.of(byte)))).toEqual(expected);
  });

  it("is whole without the blank line behind its last event, and never before its last event", () => {
    const bytes = Buffer.from(wire.trimEnd());
    expect(collected(format, bytes)).toEqual(expected);
    const events = wire.split(/(?:\r?\n){2}/).filter((text) => text !== "");
    const last = events.findIndex((text) => /finish_?reason":"|message_stop"/i.test(text));
    for (let count = 0; count < last; count++) {
      const whole = events.slice(0, count).map((text) => `${text}\n\n`);
      expect(collected(format, Buffer.from(whole.join(""))).complete).toBe(false);
    }
  });
});
