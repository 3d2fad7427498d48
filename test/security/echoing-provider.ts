import type { IncomingMessage, ServerResponse } from "node:http";
import { serve } from "../fixtures/http-server.ts";

/** A provider that shows the key wherever it can. */
export interface EchoingProvider {
  readonly url: string;
  /** The headers of what came, by which the key is known to have been sent. */
  readonly received: readonly IncomingMessage["headers"][];
}

/** Starts one that ends with the test. */
export const echoingProvider = async (): Promise<EchoingProvider> => {
  const received: IncomingMessage["headers"][] = [];
  const origin = await serve((request, response) => {
    received.push(request.headers);
    let text = "";
    request.on("data", (piece) => (text += String(piece)));
    request.on("end", () => {
      const name = /"model":"([\w-]+)"/.exec(text)?.[1] ?? "refused";
      misdeeds[name]?.({ key: keyOf(request), request, response, streamed: text.includes('"stream":true') });
    });
  });
  return { url: `${origin}/v1`, received };
};

interface Asked {
  readonly key: string;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly streamed: boolean;
}

const keyOf = ({ headers }: IncomingMessage): string =>
  String(headers["x-api-key"] ?? headers.authorization ?? headers["x-own-token"] ?? "none").replace(/^Bearer /, "");

const json = ({ response }: Asked, status: number, body: object, headers: object = {}): void => {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(JSON.stringify(body));
};

const said =
  (status: number, words: (key: string) => string) =>
  (asked: Asked): void =>
    json(asked, status, {
      error: { message: words(asked.key), type: "bad", code: words(asked.key), param: asked.key },
    });

const base64 = (text: string): string => Buffer.from(text).toString("base64");

/** What a provider may do with a key that it was sent: the name of a model makes it do so. */
const misdeeds: Readonly<Record<string, (asked: Asked) => void>> = {
  fine: (asked: Asked) => {
    const choice = { index: 0, message: { role: "assistant", content: "fine" }, finish_reason: "stop" };
    json(asked, 200, { id: "a", model: "fine", choices: [choice], usage: { prompt_tokens: 1, completion_tokens: 1 } });
  },
  refused: said(401, (key) => `Incorrect API key provided: ${key}. Find it at https://x.test/?key=${key}`),
  half: said(401, (key) => `Incorrect API key provided: ${key.slice(0, 14)}***********${key.slice(-4)}`),
  capitals: said(403, (key) => `KEY ${key.toUpperCase()} or ${key.toLowerCase()} may not`),
  headers: (asked: Asked) => json(asked, 400, { error: { message: "bad headers", headers: asked.request.headers } }),
  names: (asked: Asked) => json(asked, 400, { detail: { [asked.key]: [{ [`x${asked.key}`]: asked.key }] } }),
  encoded: said(400, (key) => `see /login?k=${encodeURIComponent(key)} or ${base64(key)} or ${base64(`:${key}`)}`),
  escaped: said(400, (key) => JSON.stringify(JSON.stringify({ key }))),
  basic: said(400, (key) => `Authorization: Basic ${base64(`user:${key}`)}, Bearer ${key}`),
  busy: (asked: Asked) =>
    json(
      asked,
      429,
      { error: { message: `slow down, ${asked.key}` } },
      { "x-request-id": asked.key, "retry-after": "0" },
    ),
  spent: said(402, (key) => `no credit left for ${key}`),
  broken: (asked: Asked) => {
    asked.response.writeHead(500, { "content-type": "text/plain" });
    asked.response.end(`trace: Authorization: Bearer ${asked.key}\n at handler`);
  },
  reset: ({ response }: Asked) => void response.socket?.resetAndDestroy(),
  malformed: (asked: Asked) => {
    asked.response.writeHead(200, { "content-type": "application/json" });
    asked.response.end(`{"key":"${asked.key}","choices":[`);
  },
  page: (asked: Asked) => {
    asked.response.writeHead(200, { "content-type": "text/html" });
    asked.response.end(`<html><title>Hello ${asked.key}</title><p>${asked.key}</p></html>`);
  },
  redirect: (asked: Asked) => {
    asked.response.writeHead(307, { location: `https://x.test/${encodeURIComponent(asked.key)}?key=${asked.key}` });
    asked.response.end(asked.key);
  },
  within: (asked: Asked) => json(asked, 200, { error: { message: `key ${asked.key} is bad`, code: 500 } }),
  event: (asked: Asked) => {
    asked.response.writeHead(200, { "content-type": "text/event-stream" });
    asked.response.end(`data: {"error":{"message":"key ${asked.key} is bad"}}\n\ndata: [DONE]\n\n`);
  },
  cut: (asked: Asked) => {
    asked.response.writeHead(500, { "content-type": "text/plain" });
    asked.response.end(`${"x".repeat(285)} ${asked.key}`);
  },
};

/** All that goes wrong. */
export const failures: readonly string[] = Object.keys(misdeeds).filter((name) => name !== "fine");
