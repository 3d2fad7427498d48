import { describe, expect, it } from "vitest";
import type { CallErrorCode } from "../../src/call/call-error.ts";
import { done, event, piece, stop, usage } from "../fixtures/streamed-answer.ts";
import { asked, expectNothingLeft, failureOf } from "./network-client.ts";
import { answerOf, chunk, closedStreamHead, rawServer, streamHead, wholeBody } from "./raw-server.ts";

expectNothingLeft();

interface Wire {
  readonly whole?: string | Buffer;
  readonly streamed?: string | Buffer;
  /** The server ends the connection behind the bytes. @default true */
  readonly ends?: boolean;
  readonly code: CallErrorCode | "ok";
  /** @default what the code says */
  readonly retryable?: boolean;
  readonly says?: RegExp;
}

const gzipped = (bytes: string): Buffer =>
  Buffer.concat([
    Buffer.from(
      `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-encoding: gzip\r\ncontent-length: ${bytes.length}\r\n\r\n`,
    ),
    Buffer.from(bytes, "latin1"),
  ]);

const html =
  "<!DOCTYPE html><html><head><title>Sign in</title></head><body><h1>Sign in to the guest network</h1></body></html>";
const typed = (type: string, body: string): string => answerOf(body).replace("application/json", type);
const errorBody = JSON.stringify({ error: { message: "The server had an error", type: "server_error", code: null } });
const parts = piece("a") + piece("b");
const noUsage = JSON.stringify({ choices: [{ index: 0, message: { content: "a" }, finish_reason: "stop" }] });

const cut: Pick<Wire, "code"> = { code: "malformed" };

const wires: readonly (readonly [string, Wire])[] = [
  ["N3 a body that is shorter than its length", { ...cut, whole: answerOf(wholeBody()).slice(0, -20) }],
  [
    "N3 a chunked body that is cut",
    {
      ...cut,
      whole: `HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n${chunk('{"choices":')}`,
      streamed: streamHead + chunk(parts),
    },
  ],
  ["N3 a chunk that is cut", { ...cut, streamed: streamHead + chunk(parts).slice(0, -9) }],
  ["N4 a stream up to the end of the connection, cut", { ...cut, streamed: closedStreamHead + parts }],
  [
    "N4 a stream up to the end of the connection, cut in an event",
    { ...cut, streamed: closedStreamHead + parts.slice(0, -9) },
  ],
  [
    "N4 a stream up to the end of the connection, whole",
    { code: "ok", streamed: closedStreamHead + parts + stop + usage + done },
  ],
  [
    "N4 a stream that ends in time, in its chunks, and half",
    { ...cut, streamed: `${streamHead}${chunk(parts)}0\r\n\r\n` },
  ],
  [
    "N8 what calls itself gzip and is garbage",
    {
      code: "malformed",
      retryable: false,
      says: /compressed by "gzip"/,
      whole: gzipped("\x1f\x8bgarbage"),
      streamed: gzipped("\x1f\x8bgarbage"),
    },
  ],
  [
    "N8 what calls itself gzip, under an error",
    { code: "overloaded", says: /503/, whole: gzipped("garbage").toString("latin1").replace("200 OK", "503 X") },
  ],
  [
    "N10 a head of 20 KB",
    { code: "network", says: /HEADERS_OVERFLOW/, whole: answerOf(wholeBody(), [`x: ${"y".repeat(20_000)}`]) },
  ],
  ["N14 a body that is not JSON", { ...cut, whole: answerOf('{"choices": [') }],
  [
    "N14 an event that is not JSON",
    { ...cut, streamed: streamHead + chunk('data: {"choices":[\n\n' + stop + done) + chunk("") },
  ],
  ["N14 no body", { ...cut, whole: answerOf(""), streamed: answerOf("") }],
  ["N14 JSON that is no object", { ...cut, whole: answerOf("null") }],
  ["N14 an answer that is not HTTP", { code: "network", whole: "SSH-2.0-OpenSSH_9.2\r\n" }],
  [
    "N14 an error under status 200",
    { code: "server", says: /had an error/, whole: answerOf(errorBody), streamed: answerOf(errorBody) },
  ],
  [
    "N14 an error in a stream",
    { code: "server", streamed: `${streamHead}${chunk(`${parts}data: ${errorBody}\n\n`)}0\r\n\r\n` },
  ],
  [
    "N14 the page of a proxy",
    { ...cut, says: /HTML page: Sign in/, whole: typed("text/html", html), streamed: typed("text/html", html) },
  ],
  ["N14 a page that calls itself JSON", { ...cut, says: /HTML page/, whole: answerOf(html), streamed: answerOf(html) }],
  ["N14 JSON that calls itself text", { code: "ok", whole: typed("text/plain", wholeBody()) }],
  ["N14 a stream that calls itself JSON", { ...cut, streamed: typed("application/json", parts + stop + done) }],
  ["N14 a stream that calls itself text", { code: "ok", streamed: typed("text/plain", parts + stop + usage + done) }],
  ["N14 a whole answer to a stream", { code: "ok", streamed: answerOf(wholeBody("ab")) }],
  [
    "N14 a byte order mark",
    {
      code: "ok",
      whole: answerOf(`\uFEFF${wholeBody()}`),
      streamed: typed("text/event-stream", `\uFEFF${parts}${stop}${usage}${done}`),
    },
  ],
  [
    "N14 usage twice: the last counts",
    {
      code: "ok",
      streamed: typed(
        "text/event-stream",
        parts + stop + event({ choices: [], usage: { prompt_tokens: 9, completion_tokens: 9 } }) + usage + done,
      ),
    },
  ],
  ["N14 no usage", { code: "ok", whole: answerOf(noUsage), streamed: typed("text/event-stream", parts + stop + done) }],
];

const sent = async (bytes: string | Buffer, stream: boolean, ends: boolean, wire: Wire): Promise<void> => {
  const server = await rawServer(({ socket }) => {
    if (ends) socket.end(bytes);
    else socket.write(bytes);
  });
  const result = await asked(server.url, stream);
  expect(result.ok ? "ok" : result.error.code).toBe(wire.code);
  expect(server.requests()).toBe(1);
  if (result.ok) {
    expect(result.value.text).toMatch(/^ab?$/);
    return;
  }
  const error = failureOf(result);
  expect(error.retryable).toBe(wire.retryable ?? true);
  expect(error.unreachable).toBe(false);
  expect(error.message).not.toContain("[object Object]");
  expect(error.message.length).toBeLessThan(1000);
  if (wire.says !== undefined) expect(error.message).toMatch(wire.says);
};

describe("an answer that is not as it should be", () => {
  it.each(wires)("%s", async (_, wire) => {
    const { whole, streamed, ends = true } = wire;
    if (whole !== undefined) await sent(whole, false, ends, wire);
    if (streamed !== undefined) await sent(streamed, true, ends, wire);
  });

  it("N14 counts the usage that came last, and none where none came", async () => {
    const twice = event({ choices: [], usage: { prompt_tokens: 9, completion_tokens: 9 } });
    const server = await rawServer(({ socket, number }) =>
      socket.end(typed("text/event-stream", `${parts}${stop}${number === 0 ? twice + usage : ""}${done}`)),
    );
    expect(await asked(server.url, true)).toMatchObject({ value: { usage: { inputTokens: 3, outputTokens: 2 } } });
    const bare = await asked(server.url, true);
    expect(bare.ok && bare.value.usage).toBe(undefined);
  });

  it("N14 keeps the first part of what it could not read, and no more", async () => {
    const server = await rawServer(({ socket }) => socket.end(answerOf(`{"broken": "${"x".repeat(50_000)}`)));
    const { message } = failureOf(await asked(server.url, false));
    expect(message).toContain('{"broken": "xxx');
    expect(message.length).toBeLessThan(3000);
  });
});
