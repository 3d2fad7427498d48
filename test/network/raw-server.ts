import { createServer, type Socket } from "node:net";
import { listen } from "../fixtures/http-server.ts";

/** One request as its bytes were read. */
export interface RawRequest {
  readonly socket: Socket;
  /** Head and body. */
  readonly text: string;
  readonly streamed: boolean;
  /** From 0, over all connections. */
  readonly number: number;
}

/** A server that answers by hand. */
export interface RawServer {
  readonly origin: string;
  readonly url: string;
  readonly port: number;
  /** Everything that was received, by connection. */
  readonly received: readonly string[];
  /** Whole requests. */
  readonly requests: () => number;
}

/** Reads requests, several on one connection, and answers each with bytes; nothing of the answer is checked. */
export const rawServer = async (answer: (request: RawRequest) => void): Promise<RawServer> => {
  const received: string[] = [];
  let requests = 0;
  const server = createServer((socket) => {
    const connection = received.push("") - 1;
    let text = "";
    socket.setNoDelay(true).on("data", (bytes) => {
      received[connection] += bytes.toString("latin1");
      text += bytes.toString("latin1");
      for (let whole = requestIn(text); whole !== undefined; whole = requestIn(text)) {
        text = text.slice(whole.length);
        answer({ socket, text: whole, streamed: whole.includes('"stream":true'), number: requests++ });
      }
    });
  });
  const origin = await listen(server);
  const port = Number(new URL(origin).port);
  return { origin, url: `${origin}/v1`, port, received, requests: () => requests };
};

const requestIn = (text: string): string | undefined => {
  const end = text.indexOf("\r\n\r\n");
  if (end < 0) return undefined;
  const length = Number(/content-length: (\d+)/i.exec(text.slice(0, end))?.[1] ?? 0);
  return text.length < end + 4 + length ? undefined : text.slice(0, end + 4 + length);
};

/** A whole answer of OpenAI's chat format. */
export const wholeBody = (content = "a"): string =>
  JSON.stringify({
    id: "c",
    object: "chat.completion",
    model: "m",
    choices: [{ index: 0, message: { role: "assistant", content }, finish_reason: "stop" }],
    usage: { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 },
  });

/** The bytes of an answer with its length. */
export const answerOf = (body: string, headers: readonly string[] = [], status = "200 OK"): string =>
  [
    `HTTP/1.1 ${status}`,
    "content-type: application/json",
    `content-length: ${Buffer.byteLength(body)}`,
    ...headers,
    "",
    body,
  ].join("\r\n");

/** One piece of a chunked body. */
export const chunk = (text: string): string => `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`;

/** The head of a chunked stream of events. */
export const streamHead = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n";

/** The head of a stream whose end is that of the connection. */
export const closedStreamHead = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n";
