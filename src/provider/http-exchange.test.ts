import { createServer, type RequestListener, type Server } from "node:http";
import { connect, createServer as createTcpServer, type AddressInfo, type Socket } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import type { HttpHeaders, HttpRequest, HttpSink, Transport } from "./http-contract.ts";
import { createTransport } from "./transport.ts";
import { followerCount } from "../time/on-abort.ts";

const cleanups: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const opened = (transport: Transport): Transport => {
  cleanups.push(() => transport.close());
  return transport;
};

const listen = async (server: Server | ReturnType<typeof createTcpServer>): Promise<string> => {
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket.on("error", () => {}).on("close", () => sockets.delete(socket)));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  cleanups.push(
    () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  );
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};

const serve = (listener: RequestListener): Promise<string> => listen(createServer(listener));

const serveBytes = (answer: (socket: Socket) => void): Promise<string> =>
  listen(createTcpServer((socket) => socket.once("data", () => answer(socket))));

const post = (origin: string, body = "{}"): HttpRequest => ({
  method: "POST",
  origin,
  path: "/v1/x?y=1",
  headers: { "content-type": "application/json" },
  body,
});

class Recorder implements HttpSink {
  status = 0;
  headers: HttpHeaders = {};
  text = "";
  finished = false;
  readonly #onChunk: (bytes: Buffer) => void | Promise<void>;

  constructor(onChunk: (bytes: Buffer) => void | Promise<void> = () => {}) {
    this.#onChunk = onChunk;
  }

  head(status: number, headers: HttpHeaders): void {
    this.status = status;
    this.headers = headers;
  }

  chunk(bytes: Buffer): void | Promise<void> {
    this.text += bytes.toString();
    return this.#onChunk(bytes);
  }
}

const gate = (): { readonly promise: Promise<void>; readonly resolve: () => void } => {
  let resolve = (): void => {};
  const promise = new Promise<void>((open) => (resolve = open));
  return { promise, resolve };
};

const never = new AbortController().signal;

describe("aborting", () => {
  it("ends the call at once and closes the socket, in the head or in the body", async () => {
    for (const headFirst of [false, true]) {
      const closed = gate();
      const arrived = gate();
      const origin = await serve((request, response) => {
        request.socket.on("close", () => closed.resolve());
        if (headFirst) response.write("x");
        arrived.resolve();
      });
      const controller = new AbortController();
      const reason = new Error("enough");
      const got = gate();
      const sending = opened(createTransport()).send(post(origin), controller.signal, new Recorder(got.resolve));
      await (headFirst ? got.promise : arrived.promise);
      controller.abort(reason);
      await expect(sending).rejects.toBe(reason);
      await closed.promise;
    }
  });

  it("sends nothing when the signal has aborted before", async () => {
    let requests = 0;
    const origin = await serve(() => requests++);
    const transport = opened(createTransport());
    await expect(transport.send(post(origin), AbortSignal.abort("no"), new Recorder())).rejects.toBe("no");
    const controller = new AbortController();
    const sending = transport.send(post(origin), controller.signal, new Recorder());
    controller.abort("early");
    await expect(sending).rejects.toBe("early");
    await new Promise((resolve) => connect(Number(new URL(origin).port), "127.0.0.1", resolve as () => void));
    expect(requests).toBe(0);
  });

  it("frees a call whose reader never comes back", async () => {
    const origin = await serve((_, response) => void response.write("x"));
    const controller = new AbortController();
    const got = gate();
    const stuck = new Recorder(() => {
      got.resolve();
      return new Promise<void>(() => {});
    });
    const sending = opened(createTransport()).send(post(origin), controller.signal, stuck);
    await got.promise;
    controller.abort(new Error("enough"));
    await expect(sending).rejects.toThrow("enough");
  });

  it("leaves nobody behind who follows the signal", async () => {
    const { signal } = new AbortController();
    const origin = await serve((_, response) => void response.end("ok"));
    await opened(createTransport()).send(post(origin), signal, new Recorder());
    expect(followerCount(signal)).toBe(0);
  });
});

describe("a slow reader", () => {
  it("slows the server down, and misses nothing", async () => {
    const total = 64 * 2 ** 20;
    const piece = Buffer.alloc(2 ** 20, "a");
    let sent = 0;
    const origin = await serve((_, response) => {
      const more = (): void => {
        while (sent < total) {
          sent += piece.length;
          if (!response.write(piece)) return void response.once("drain", more);
        }
        response.end();
      };
      more();
    });
    const open = gate();
    let first = true;
    let received = 0;
    const sink = new Recorder((bytes) => {
      received += bytes.length;
      const wait = first ? open.promise : undefined;
      first = false;
      return wait;
    });
    const sending = opened(createTransport()).send(post(origin), never, sink);
    for (let before = -1; before !== sent || sent === 0;) {
      before = sent;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    expect(sent).toBeLessThan(total / 2);
    open.resolve();
    await sending;
    expect(received).toBe(total);
  });

  it.each(["connection: close\r\n\r\none", "connection: close\r\ncontent-length: 3\r\n\r\none"])(
    "survives a connection that closes while it is slow: %j",
    async (head) => {
      const ended = gate();
      const origin = await serveBytes((socket) => {
        socket.write(`HTTP/1.1 200 OK\r\n${head}`);
        socket.end(() => ended.resolve());
      });
      const open = gate();
      const sink = new Recorder(() => open.promise);
      const sending = opened(createTransport()).send(post(origin), never, sink);
      await ended.promise;
      await new Promise((resolve) => setTimeout(resolve, 20));
      open.resolve();
      await sending;
      expect(sink.text).toBe("one");
    },
  );

  it("ends the exchange when the reader fails", async () => {
    const origin = await serve((_, response) => void response.write("x"));
    const transport = opened(createTransport());
    const failing = new Recorder(async () => {
      throw new Error("disk full");
    });
    await expect(transport.send(post(origin), never, failing)).rejects.toThrow("disk full");
    const throwing = new Recorder(() => {
      throw new Error("disk full");
    });
    await expect(transport.send(post(origin), never, throwing)).rejects.toThrow("disk full");
  });

  it("holds no more than its bound for a connection that cannot be paused", async () => {
    const origin = await serveBytes((socket) => {
      socket.write("HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n");
      const flood = (): void => void (socket.writable && socket.write(Buffer.alloc(100_000), flood));
      flood();
    });
    const open = gate();
    const transport = opened(createTransport({ maxHeldBytes: 200_000 }));
    const sending = transport.send(post(origin), never, new Recorder(() => open.promise));
    setTimeout(open.resolve, 200);
    await expect(sending).rejects.toThrow("fell more than 200000 bytes behind");
  });
});

describe("a finished sink", () => {
  const finishing = (): Recorder => {
    const sink: Recorder = new Recorder(() => void (sink.finished = true));
    return sink;
  };

  it("has its answer at once, and the connection serves the next request", async () => {
    let connections = 0;
    const server = createServer((_, response) => {
      response.write("last");
      setTimeout(() => response.end("rest"), 20);
    });
    server.on("connection", () => connections++);
    const origin = await listen(server);
    const transport = opened(createTransport());
    const sink = finishing();
    await transport.send(post(origin), never, sink);
    expect(sink.text).toBe("last");
    await new Promise((resolve) => setTimeout(resolve, 100));
    await transport.send(post(origin), never, finishing());
    expect(connections).toBe(1);
  });

  it("does not keep a connection whose body never ends", async () => {
    const closed = gate();
    const origin = await serve((request, response) => {
      request.socket.on("close", () => closed.resolve());
      response.write("last");
    });
    await opened(createTransport({ lingerMs: 10 })).send(post(origin), never, finishing());
    await closed.promise;
  });
});
