import { connect } from "node:net";
import { once } from "node:events";
import { setTimeout as pause } from "node:timers/promises";
import { describe, expect, it, onTestFinished } from "vitest";
import { createServer } from "node:net";
import { listen } from "../fixtures/http-server.ts";
import { faultProxy } from "../fixtures/fault-proxy.ts";
import type { Placed } from "../fixtures/toxics.ts";

interface Seen {
  readonly text: string;
  readonly pieces: number;
  readonly elapsedMs: number;
  /** How it ended; `open` when it did not within the time. */
  readonly end: "closed" | "reset" | "open";
}

const echo = 1000;

/** Sends a thousand bytes through a proxy to a server that sends them back and ends. */
const sent = async (toxics: readonly Placed[], patienceMs = 3000, seed = 1): Promise<Seen> => {
  const server = createServer((socket) => {
    let got = 0;
    socket.on("data", (bytes) => {
      got += bytes.length;
      socket.write(bytes);
      if (got === echo) socket.end();
    });
  });
  const port = Number(new URL(await listen(server)).port);
  const proxy = await faultProxy({ port, toxics, seed });
  const startedAt = performance.now();
  const socket = connect(proxy.port, "127.0.0.1");
  onTestFinished(() => void socket.destroy());
  let text = "";
  let pieces = 0;
  socket.on("data", (bytes) => {
    text += String(bytes);
    pieces += 1;
  });
  const ended = new Promise<Seen["end"]>((resolve) => {
    socket.on("error", (error: NodeJS.ErrnoException) => resolve(error.code === "ECONNRESET" ? "reset" : "closed"));
    socket.on("end", () => resolve("closed"));
  });
  await once(socket, "connect");
  socket.write("x".repeat(echo));
  const end = await Promise.race([ended, pause(patienceMs, "open" as const, { ref: false })]);
  return { text, pieces, end, elapsedMs: performance.now() - startedAt };
};

describe("a fault proxy", () => {
  it("changes nothing without toxics", async () => {
    expect(await sent([])).toMatchObject({ text: "x".repeat(echo), end: "closed" });
  });

  it.each(["upstream", "downstream"] as const)("is late %s", async (direction) => {
    const { text, elapsedMs } = await sent([{ kind: "latency", ms: 150, jitterMs: 20, direction }]);
    expect(text).toHaveLength(echo);
    expect(elapsedMs).toBeGreaterThan(125);
  });

  it("lets so many bytes a second through", async () => {
    const { text, elapsedMs } = await sent([{ kind: "bandwidth", bytesPerSecond: 5000 }]);
    expect(text).toHaveLength(echo);
    expect(elapsedMs).toBeGreaterThan(190);
  });

  it("closes late", async () => {
    const { text, elapsedMs, end } = await sent([{ kind: "slow_close", ms: 200 }]);
    expect([text.length, end]).toEqual([echo, "closed"]);
    expect(elapsedMs).toBeGreaterThan(190);
  });

  it.each(["upstream", "downstream"] as const)(
    "lets nothing through %s, and closes after a time or never",
    async (direction) => {
      expect(await sent([{ kind: "timeout", afterMs: 100, direction }])).toMatchObject({ text: "", end: "closed" });
      expect(await sent([{ kind: "timeout", direction }], 150)).toMatchObject({ text: "", end: "open" });
    },
  );

  it("resets after a time, or after so many bytes", async () => {
    expect(await sent([{ kind: "reset_peer", afterMs: 20 }, { kind: "timeout" }])).toMatchObject({ end: "reset" });
    const { text, end } = await sent([{ kind: "reset_peer", afterBytes: 300 }]);
    expect(end).toBe("reset");
    expect(text.length).toBeLessThanOrEqual(300);
  });

  it("cuts into pieces", async () => {
    const { text, pieces } = await sent([{ kind: "slicer", bytes: 200, delayMs: 20 }]);
    expect(text).toHaveLength(echo);
    expect(pieces).toBeGreaterThanOrEqual(4);
  });

  it("closes after so many bytes", async () => {
    expect(await sent([{ kind: "limit_data", bytes: 250 }])).toMatchObject({ text: "x".repeat(250), end: "closed" });
  });

  it("does the same from the same seed, and each connection may have toxics of its own", async () => {
    const server = createServer((socket) => socket.pipe(socket));
    const port = Number(new URL(await listen(server)).port);
    const drawn: number[][] = [];
    for (const _ of [1, 2]) {
      const draws: number[] = [];
      const toxics = (number: number, rng: () => number): readonly Placed[] => {
        draws.push(number, rng());
        return [];
      };
      const proxy = await faultProxy({ port, toxics, seed: 7 });
      for (let index = 0; index < 3; index++) {
        const socket = connect(proxy.port, "127.0.0.1");
        socket.end("x");
        socket.resume();
        await once(socket, "close");
      }
      expect(proxy.accepted()).toBe(3);
      await expect.poll(() => proxy.open()).toBe(0);
      drawn.push(draws);
    }
    expect(drawn[0]).toEqual(drawn[1]);
  });
});
