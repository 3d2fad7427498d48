import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createEventStream, type ServerSentEvent } from "./event-stream.ts";

const read = (...pieces: readonly Uint8Array[]): ServerSentEvent[] => {
  const events: ServerSentEvent[] = [];
  const stream = createEventStream({ onEvent: (event) => events.push(event) });
  for (const piece of pieces) stream.feed(piece);
  stream.end();
  return events;
};

const bytes = (text: string): Buffer => Buffer.from(text, "utf8");

const sample = [
  ': hello\n\ndata: {"a":"naïve 日本 👩‍🚀"}\n\ndata: one\ndata: two\n\nevent: ping\n\n',
  "event: error\r\ndata:no space\r\n\r\ndata:\r\n\r\nid: 7\r\nretry: 10\r\ndata: x: y\r\n\r\n",
].join("");

const expected: readonly ServerSentEvent[] = [
  { data: '{"a":"naïve 日本 👩‍🚀"}' },
  { data: "one\ntwo" },
  { name: "error", data: "no space" },
  { data: "" },
  { data: "x: y" },
];

describe("an event stream", () => {
  it("gives the same events wherever the bytes are cut once", () => {
    const whole = bytes(sample);
    for (let at = 0; at <= whole.length; at++) {
      expect(read(whole.subarray(0, at), whole.subarray(at))).toEqual(expected);
    }
  });

  it("gives the same events byte by byte", () => {
    expect(read(...[...bytes(sample)].map((byte) => Uint8Array.of(byte)))).toEqual(expected);
  });

  it("gives the same events for any content, line end and cut", () => {
    const line = fc.string({ unit: "binary", maxLength: 12 }).map((text) => text.replace(/[\r\n\0]/g, ""));
    const event = fc.array(line, { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(
        fc.array(event, { maxLength: 5 }),
        fc.constantFrom("\n", "\r\n", "\r"),
        fc.boolean(),
        fc.array(fc.nat(400), { maxLength: 8 }),
        (events, end, terminated, cuts) => {
          const blocks = events.map((lines) => lines.map((text) => `data: ${text}${end}`).join(""));
          const text = blocks.join(end) + (terminated ? end : "");
          const whole = bytes(`\uFEFF${text}`);
          const places = [0, ...cuts.map((cut) => Math.min(cut, whole.length)).sort((a, b) => a - b), whole.length];
          const pieces = places.slice(1).map((place, index) => whole.subarray(places[index], place));
          const wanted = events.map((lines) => ({ data: Buffer.from(lines.join("\n")).toString("utf8") }));
          expect(read(...pieces)).toEqual(wanted);
        },
      ),
    );
  });

  it.each(["data: last", "data: last\n", "data: last\r", "data: last\r\n", "data: last\r\r", "\uFEFFdata: last\n\n"])(
    "keeps the last event of %j",
    (text) => {
      expect(read(bytes(text))).toEqual([{ data: "last" }]);
    },
  );

  it("takes an error field as an error event", () => {
    expect(read(bytes('error: {"message":"bad"}\n\n'))).toEqual([{ name: "error", data: '{"message":"bad"}' }]);
  });

  it("refuses an event above its bound", () => {
    const stream = createEventStream({ onEvent: () => {}, maxEventLength: 100 });
    stream.feed(bytes("data: short\n\n"));
    expect(() => stream.feed(bytes(`data: ${"x".repeat(200)}`))).toThrow("longer than 100 characters");
  });
});
