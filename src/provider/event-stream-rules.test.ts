import { describe, expect, it } from "vitest";
import { createEventStream, type ServerSentEvent } from "./event-stream.ts";

const a = { data: "a" };
const b = { data: "b" };
const bytes = (text: string): Buffer => Buffer.from(text, "utf8");

/** What arrives, with and without the end of the stream. */
const read = (
  pieces: readonly Uint8Array[],
): { readonly open: number; readonly events: readonly ServerSentEvent[] } => {
  const events: ServerSentEvent[] = [];
  const stream = createEventStream({ onEvent: (event) => events.push(event) });
  for (const piece of pieces) stream.feed(piece);
  const open = events.length;
  stream.end();
  return { open, events };
};

const bare = '{"error":{"code":503,"message":"a \\"}\\" in it","status":"UNAVAILABLE"}}';
const pretty = JSON.stringify(JSON.parse(bare), undefined, 2);

/** What stands on the wire, what events it makes, and how many of them before the stream ends. */
type Row = [what: string, wire: string | Uint8Array, events: readonly ServerSentEvent[], open?: number];

const rows: readonly Row[] = [
  ["LF", "data: a\n\ndata: b\n\n", [a, b]],
  ["CRLF", "data: a\r\n\r\ndata: b\r\n\r\n", [a, b]],
  ["CR", "data: a\r\rdata: b\r\r", [a, b]],
  ["LF CRLF", "data: a\n\r\ndata: b\n\r\n", [a, b]],
  ["CRLF LF", "data: a\r\n\ndata: b\r\n\n", [a, b]],
  ["CR LF LF: a CRLF and an LF", "data: a\r\n\ndata: b\n\n", [a, b]],
  ["CR CR LF LF: three ends", "data: a\r\r\n\ndata: b\n\n", [a, b]],
  ["LF CR", "data: a\n\rdata: b\n\r", [a, b]],
  ["a byte order mark", "\uFEFFdata: a\n\n", [a]],
  ["a byte order mark alone", "\uFEFF", []],
  ["a second byte order mark, which is part of a name", "\uFEFF\uFEFFdata: a\n\ndata: b\n\n", [b]],
  ["the bytes of a byte order mark read as Latin-1", "ï»¿data: a\n\ndata: b\n\n", [b]],
  ["characters of two, three and four bytes", "data: é日👩‍🚀\n\n", [{ data: "é日👩‍🚀" }]],
  [
    "invalid UTF-8",
    Buffer.concat([bytes("data: "), Uint8Array.of(0xff, 0xe2, 0x82, 0x41, 0xc3), bytes("\n\n")]),
    [{ data: "\uFFFD\uFFFDA\uFFFD" }],
  ],
  [
    "a character that the end cuts",
    Buffer.concat([bytes("data: a"), Uint8Array.of(0xf0, 0x9f)]),
    [{ data: "a\uFFFD" }],
    0,
  ],
  ["no space after the colon", "data:a\n\n", [a]],
  ["two spaces after the colon", "data:  a\n\n", [{ data: " a" }]],
  ["a tab after the colon", "data:\ta\n\n", [{ data: "\ta" }]],
  ["colons in the value", "data: a: b:c\n\n", [{ data: "a: b:c" }]],
  ["several lines of data", "data: a\ndata: b\n\n", [{ data: "a\nb" }]],
  ["lines of data, empty ones among them", "data\ndata:\ndata: a\ndata:\n\n", [{ data: "\n\na\n" }]],
  [
    "separators of Unicode, which end no line",
    "data: a\u2028b\u2029c\u0085d\v\f\n\n",
    [{ data: "a\u2028b\u2029c\u0085d\v\f" }],
  ],
  ["comments", ": keep-alive\n\ndata: a\n: between\ndata: b\n\n:\n\n", [{ data: "a\nb" }]],
  ["an event without data", "event: ping\n\ndata: a\n\n", [a]],
  ["an event's name, which holds for it alone", "event: x\ndata: a\n\ndata: b\n\n", [{ name: "x", data: "a" }, b]],
  ["the last of several names", "event: x\nevent: y\ndata: a\n\n", [{ name: "y", data: "a" }]],
  ["an empty name", "event:\ndata: a\n\n", [a]],
  ["empty data", "data:\n\ndata\n\ndata: \n\n", [{ data: "" }, { data: "" }, { data: "" }]],
  ["ids, one with NUL, and retry times", "id: 1\ndata: a\n\nid: \0\nretry: x\nretry: 5\ndata: b\n\n", [a, b]],
  ["names in capitals, and unknown ones", "Data: x\nfoo: y\nfoo\n data: z\ndata: a\n\n", [a]],
  ["blank lines in front", "\n\r\n\rdata: a\n\n", [a]],
  ["a last event without its blank line", "data: a\n\ndata: b\n", [a, b], 1],
  ["a last event without the end of its line", "data: a\n\ndata: b", [a, b], 1],
  ["a last event that ends in CR", "data: a\n\ndata: b\r", [a, b], 1],
  ["nothing", "", []],
  ["a bare error", `data: a\r\n\r\n${bare}\r\n`, [a, { name: "error", data: bare }]],
  ["a bare error without the end of its line", `data: a\n\n${bare}`, [a, { name: "error", data: bare }], 1],
  ["a bare error on several lines", `data: a\n\n${pretty}\n`, [a, { name: "error", data: pretty }]],
  ["a bare error in a list", `data: a\n\n[${pretty}\n]\n`, [a, { name: "error", data: `[${pretty}\n]` }]],
  ["bare JSON that is no error", 'data: a\n\n{"x":\n1}\n\ndata: b\n\n', [a, b]],
  ["bare JSON that does not end", 'data: a\n\n{"error":{\n\ndata: b\n\n', [a, b]],
  ["an error field", "error: a\n\ndata: b\n\n", [{ name: "error", data: "a" }, b]],
];

describe("the rules of an event stream", () => {
  it.each<Row>(rows)("hold for %s, wherever the bytes are cut", (_, wire, events, open = events.length) => {
    const whole = typeof wire === "string" ? bytes(wire) : wire;
    for (let at = 0; at <= whole.length; at++) {
      expect(read([whole.subarray(0, at), whole.subarray(at)])).toEqual({ open, events });
    }
    expect(read([...whole].map((byte) => Uint8Array.of(byte)))).toEqual({ open, events });
  });

  it.each(["{\n", "dat\n", "{]\n", "x: y\n", "retry: x\n", ": c\n"])(
    "cost for lines of %j hardly more than for lines of data",
    (line) => {
      const cost = (text: string): number => {
        const piece = bytes(text.repeat(2 ** 14));
        const start = performance.now();
        const stream = createEventStream({ onEvent: () => {} });
        for (let fed = 0; fed < 4; fed++) stream.feed(piece);
        stream.end();
        return performance.now() - start;
      };
      const usual = (): number => cost("data: a\n\n");
      usual();
      expect(cost(line) / Math.max(usual(), usual(), usual())).toBeLessThan(8);
    },
  );

  it("cost what the length of a line costs, and no more", () => {
    const cost = (length: number): number => {
      const piece = bytes("x".repeat(64));
      const start = performance.now();
      const stream = createEventStream({ onEvent: (event) => expect(event.data).toHaveLength(length) });
      stream.feed(bytes("data: "));
      for (let fed = 0; fed < length; fed += piece.length) stream.feed(piece);
      stream.end();
      return performance.now() - start;
    };
    cost(2 ** 18);
    const short = Math.max(...[0, 1, 2].map(() => cost(2 ** 18)));
    expect(cost(2 ** 22) / short).toBeLessThan(16 * 8);
  });

  it("are kept for events of megabytes", () => {
    const data = JSON.stringify({ text: "é".repeat(2 ** 21) });
    const wire = bytes(`data: a\n\ndata: ${data}\r\n\r\n`);
    const pieces = Array.from({ length: Math.ceil(wire.length / 65_521) }, (_, n) =>
      wire.subarray(n * 65_521, (n + 1) * 65_521),
    );
    expect(read(pieces)).toEqual({ open: 2, events: [a, { data }] });
  });
});
