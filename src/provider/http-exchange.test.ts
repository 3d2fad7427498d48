import { createServer } from "node:http";
import { connect } from "node:net";
import { describe, expect, it } from "vitest";
import { followerCount } from "../time/on-abort.ts";
import { gate } from "../../test/fixtures/gate.ts";
import { post } from "../../test/fixtures/http-post.ts";
import { listen, serve, serveBytes } from "../../test/fixtures/http-server.ts";
import { openTransport } from "../../test/fixtures/open-transport.ts";
import { RecordedSink } from "../../test/fixtures/recorded-sink.ts";

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
      const sending = openTransport().send(post(origin), controller.signal, new RecordedSink(got.resolve));
      await (headFirst ? got.promise : arrived.promise);
      controller.abort(reason);
      await expect(sending).rejects.toBe(reason);
      await closed.promise;
    }
  });

  it("sends nothing when the signal has aborted before", async () => {
    let requests = 0;
    const origin = await serve(() => requests++);
    const transport = openTransport();
    await expect(transport.send(post(origin), AbortSignal.abort("no"), new RecordedSink())).rejects.toBe("no");
    const controller = new AbortController();
    const sending = transport.send(post(origin), controller.signal, new RecordedSink());
    controller.abort("early");
    await expect(sending).rejects.toBe("early");
    await new Promise((resolve) => connect(Number(new URL(origin).port), "127.0.0.1", resolve as () => void));
    expect(requests).toBe(0);
  });

  it("frees a call whose reader never comes back", async () => {
    const origin = await serve((_, response) => void response.write("x"));
    const controller = new AbortController();
    const got = gate();
    const stuck = new RecordedSink(() => {
      got.resolve();
      return new Promise<void>(() => {});
    });
    const sending = openTransport().send(post(origin), controller.signal, stuck);
    await got.promise;
    controller.abort(new Error("enough"));
    await expect(sending).rejects.toThrow("enough");
  });

  it("leaves nobody behind who follows the signal", async () => {
    const { signal } = new AbortController();
    const origin = await serve((_, response) => void response.end("ok"));
    await openTransport().send(post(origin), signal, new RecordedSink());
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
    const sink = new RecordedSink((bytes) => {
      received += bytes.length;
      const wait = first ? open.promise : undefined;
      first = false;
      return wait;
    });
    const sending = openTransport().send(post(origin), never, sink);
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
      const sink = new RecordedSink(() => open.promise);
      const sending = openTransport().send(post(origin), never, sink);
      await ended.promise;
      await new Promise((resolve) => setTimeout(resolve, 20));
      open.resolve();
      await sending;
      expect(sink.text).toBe("one");
    },
  );

  it("ends the exchange when the reader fails", async () => {
    const origin = await serve((_, response) => void response.write("x"));
    const transport = openTransport();
    const failing = new RecordedSink(async () => {
      throw new Error("disk full");
    });
    await expect(transport.send(post(origin), never, failing)).rejects.toThrow("disk full");
    const throwing = new RecordedSink(() => {
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
    const transport = openTransport({ maxHeldBytes: 200_000 });
    const sending = transport.send(post(origin), never, new RecordedSink(() => open.promise));
    setTimeout(open.resolve, 200);
    await expect(sending).rejects.toThrow("fell more than 200000 bytes behind");
  });
});

describe("a finished sink", () => {
  const finishing = (): RecordedSink => {
    const sink: RecordedSink = new RecordedSink(() => void (sink.finished = true));
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
    const transport = openTransport();
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
    await openTransport({ lingerMs: 10 }).send(post(origin), never, finishing());
    await closed.promise;
  });
});
