import { createServer } from "node:http";
import { connect, createServer as createTcpServer, type Socket } from "node:net";
import { describe, expect, it } from "vitest";
import { createTransport } from "./transport.ts";
import { gate } from "../../test/fixtures/gate.ts";
import { post } from "../../test/fixtures/http-post.ts";
import { desertedOrigin, listen, serve, serveBytes } from "../../test/fixtures/http-server.ts";
import { openTransport } from "../../test/fixtures/open-transport.ts";
import { RecordedSink } from "../../test/fixtures/recorded-sink.ts";

const never = new AbortController().signal;
const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe("a transport", () => {
  it("sends the request as it is and hands on head and body", async () => {
    const origin = await serve((request, response) => {
      let body = "";
      request.on("data", (piece) => (body += piece));
      request.on("end", () => {
        response.writeHead(201, { "X-Request-Id": "r1", "set-cookie": ["a", "b"] });
        response.end(`${request.method} ${request.url} ${request.headers["content-length"]} ${body}`);
      });
    });
    const sink = new RecordedSink();
    await openTransport().send(post(origin, '{"é":1}'), never, sink);
    expect(sink).toMatchObject({ status: 201, text: 'POST /v1/x?y=1 8 {"é":1}' });
    expect(sink.headers).toMatchObject({ "x-request-id": "r1", "set-cookie": "a, b" });
  });

  it("uses a connection again, and opens as many as there are requests", async () => {
    let connections = 0;
    let waiting = 0;
    const release: (() => void)[] = [];
    const server = createServer((_, response) => {
      release.push(() => response.end("ok"));
      if (++waiting === 20) for (const go of release.splice(0)) go();
      else if (waiting > 20) response.end("ok");
    });
    server.on("connection", () => connections++);
    const origin = await listen(server);
    const transport = openTransport();
    await Promise.all(
      Array.from({ length: 20 }, () => transport.send(post(origin), new AbortController().signal, new RecordedSink())),
    );
    expect(connections).toBe(20);
    await nextTurn();
    await transport.send(post(origin), never, new RecordedSink());
    expect(connections).toBe(20);
  });

  it("does not use a connection again over which the process was suspended, and lets what is in flight on it finish", async () => {
    const waiting: (() => void)[] = [];
    let connections = 0;
    const server = createServer((_, response) => {
      if (waiting.push(() => response.end("ok")) === 2) waiting[1]?.();
    });
    server.on("connection", () => connections++);
    const origin = await listen(server);
    let suspended = 0;
    const transport = openTransport({ suspended: () => suspended });
    const sinks = [new RecordedSink(), new RecordedSink(), new RecordedSink()] as const;
    const sending = [0, 1].map((index) => transport.send(post(origin), never, sinks[index === 0 ? 0 : 1]));
    await sending[1];
    suspended = 1;
    const third = transport.send(post(origin), never, sinks[2]);
    while (waiting.length < 3) await nextTurn();
    for (const answer of waiting) answer();
    await Promise.all([...sending, third]);
    expect(sinks.map(({ text }) => text)).toEqual(["ok", "ok", "ok"]);
    expect(connections).toBe(3);
  });

  it("follows no redirect", async () => {
    let visited = 0;
    const elsewhere = await listen(createTcpServer(() => visited++));
    const origin = await serve((_, response) => {
      response.writeHead(307, { location: `${elsewhere}/v1` });
      response.end();
    });
    const sink = new RecordedSink();
    await openTransport().send(post(origin), never, sink);
    expect(sink.status).toBe(307);
    expect(visited).toBe(0);
  });

  it("skips informational responses", async () => {
    const origin = await serve((_, response) => {
      response.writeEarlyHints({ link: "</x>; rel=preload" });
      response.end("ok");
    });
    const sink = new RecordedSink();
    await openTransport().send(post(origin), never, sink);
    expect(sink).toMatchObject({ status: 200, text: "ok" });
  });

  it("surfaces the raw error when nobody listens", async () => {
    const origin = await desertedOrigin();
    const sending = openTransport().send(post(origin), never, new RecordedSink());
    await expect(sending).rejects.toMatchObject({ code: "ECONNREFUSED" });
  });

  it("rejects when the body is cut", async () => {
    const origin = await serveBytes((socket) => {
      socket.end("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf");
    });
    const sink = new RecordedSink();
    await expect(openTransport().send(post(origin), never, sink)).rejects.toThrow();
    expect(sink.text).toBe("half");
  });
});

describe("closing", () => {
  it("lets what is in flight finish, then closes the sockets and takes nothing more", async () => {
    const closed = gate();
    const arrived = gate();
    let answer = (): void => {};
    const origin = await serve((request, response) => {
      request.socket.on("close", () => closed.resolve());
      answer = () => void response.end("ok");
      arrived.resolve();
    });
    const transport = createTransport();
    const sink = new RecordedSink();
    const sending = transport.send(post(origin), never, sink);
    await arrived.promise;
    const closing = transport.close();
    await expect(transport.send(post(origin), never, new RecordedSink())).rejects.toMatchObject({ code: "closed" });
    answer();
    await sending;
    await closing;
    await closed.promise;
    expect(sink.text).toBe("ok");
    await transport.close();
  });
});

describe("a proxy", () => {
  it("carries the requests, but for the hosts it is not for", async () => {
    const origin = await serve((_, response) => void response.end("ok"));
    const tunnels: string[] = [];
    const proxyServer = createServer();
    proxyServer.on("connect", (request, socket: Socket) => {
      tunnels.push(request.url ?? "");
      const upstream = connect(Number(new URL(origin).port), "127.0.0.1", () => {
        socket.write("HTTP/1.1 200 OK\r\n\r\n");
        upstream.pipe(socket).pipe(upstream);
      });
      upstream.on("error", () => {});
    });
    const http = await listen(proxyServer);
    const sink = new RecordedSink();
    await openTransport({ proxy: { http } }).send(post(origin), never, sink);
    expect(sink.text).toBe("ok");
    expect(tunnels).toEqual([new URL(origin).host]);
    await openTransport({ proxy: { http, no: "127.0.0.1" } }).send(post(origin), never, sink);
    await openTransport({ proxy: { https: http } }).send(post(origin), never, sink);
    expect(tunnels).toHaveLength(1);
  });
});

it("checks its options, and shows no password of a proxy", () => {
  expect(() => createTransport({ connectTimeoutMs: 0 })).toThrow(/"connectTimeoutMs" must be a number from 1, got 0/);
  const proxy = { https: "user:secret@proxy.example" };
  expect(() => createTransport({ proxy })).toThrow(/"proxy.https" must be a URL/);
  expect(() => createTransport({ proxy })).not.toThrow(/secret/);
});
