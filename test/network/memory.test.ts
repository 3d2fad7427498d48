import { execFile } from "node:child_process";
import type { Socket } from "node:net";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { expect, it } from "vitest";
import type { MemoryReport } from "./memory-child.ts";
import { expectNothingLeft } from "./network-client.ts";
import { answerOf, rawServer, streamHead, wholeBody } from "./raw-server.ts";

expectNothingLeft();

const source = fileURLToPath(new URL("./memory-child.ts", import.meta.url));

/** Writes the same piece again and again until so much is sent, or the reader has had enough. */
const pour = async (socket: Socket, piece: Buffer, bytes: number): Promise<void> => {
  for (let sent = 0; sent < bytes && !socket.destroyed; sent += piece.length) {
    if (socket.write(piece)) continue;
    await new Promise<void>((resolve) => {
      socket.once("drain", resolve);
      socket.once("close", resolve);
    });
  }
};

/** 300 MB of zeros. */
const bomb = Buffer.concat(Array<Buffer>(300).fill(gzipSync(Buffer.alloc(2 ** 20), { level: 9 })));

const largeBytes = 100 * 2 ** 20;
const line = "x".repeat(2 ** 16);
const jsonHead = "HTTP/1.1 200 OK\r\ncontent-type: application/json";

const answers: Readonly<Record<string, (socket: Socket) => unknown>> = {
  small: (socket) => socket.write(answerOf(wholeBody())),
  bomb: (socket) => {
    socket.write(`${jsonHead}\r\ncontent-encoding: gzip\r\ncontent-length: ${bomb.length}\r\n\r\n`);
    socket.write(bomb);
  },
  large: (socket) => {
    socket.write(`${jsonHead}\r\ncontent-length: ${largeBytes}\r\n\r\n`);
    return pour(socket, Buffer.alloc(2 ** 16, 0x7b), largeBytes);
  },
  "stream of one line": (socket) => {
    socket.write(`${streamHead}9\r\ndata: {"a\r\n`);
    return pour(socket, Buffer.from(`${line.length.toString(16)}\r\n${line}\r\n`), 2 * largeBytes);
  },
};

it("N9, N10 an answer without measure is refused, and held no further than its bound", async () => {
  expect(bomb.length).toBeLessThan(400_000);
  const server = await rawServer(({ socket, text }) => {
    socket.on("error", () => {});
    const name = Object.keys(answers).find((prompt) => text.includes(prompt)) ?? "small";
    void answers[name]?.(socket);
  });
  const words = ["--import", import.meta.resolve("tsx"), source, server.url, "bomb", "stream of one line", "large"];
  const { stdout } = await promisify(execFile)(process.execPath, words, { timeout: 60_000 });
  const [unfolding, endless, large] = JSON.parse(stdout) as readonly MemoryReport[];
  expect(unfolding?.outcome).toMatch(/^malformed false .*compressed by "gzip"/);
  expect(unfolding?.grownMb).toBeLessThan(32 + 32);
  expect(endless?.outcome).toMatch(/^malformed false .*cannot be read/);
  expect(endless?.grownMb).toBeLessThan(64 + 32);
  expect(large?.outcome).toMatch(/^malformed false .*more than 67108864 bytes/);
  expect(large?.grownMb).toBeLessThan(64 + 32);
});
