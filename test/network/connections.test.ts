import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { describe, expect, it, onTestFinished } from "vitest";
import { runFile } from "../../src/run/run-file.ts";
import { startSimulator } from "../../src/simulator/simulator.ts";
import { faultProxy } from "../fixtures/fault-proxy.ts";
import { desertedOrigin, listen } from "../fixtures/http-server.ts";
import { openTransport } from "../fixtures/open-transport.ts";
import { call, context, provider } from "../fixtures/provider-call.ts";
import { simulated } from "../fixtures/simulated.ts";
import { asked, canaryPrompt, clientAt, expectNothingLeft, failureOf, within } from "./network-client.ts";
import { answerOf, rawServer, wholeBody } from "./raw-server.ts";

expectNothingLeft();

/** A server that notes what it is sent, and treats each connection as told. */
const plainServer = async (treat: (socket: Socket) => void): Promise<{ url: string; text: () => string }> => {
  let text = "";
  const server = createServer((socket) => {
    socket.on("data", (bytes) => (text += bytes.toString("latin1")));
    treat(socket);
  });
  return { url: `${(await listen(server)).replace("http:", "https:")}/v1`, text: () => text };
};

describe("N1 a connection that does not come about", () => {
  it("N1 is certainly not paid: nobody listens, no such host, no TLS there, no TLS in time", async () => {
    const plain = await plainServer((socket) =>
      socket.once("data", () => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n")),
    );
    const broken = await plainServer((socket) => socket.once("data", () => socket.resetAndDestroy()));
    const left = await plainServer((socket) => socket.once("data", () => socket.end()));
    const urls = [`${await desertedOrigin()}/v1`, "http://127.0.0.1:1/v1", "http://no-such-host.invalid/v1"];
    for (const url of [...urls, plain.url, broken.url, left.url]) {
      const error = failureOf(await asked(url, false));
      expect(error, url).toMatchObject({ code: "network", unreachable: true, retryable: true, attempts: 1 });
      expect(error.message, url).toContain(new URL(url).host);
    }
    for (const { text } of [plain, broken, left]) expect(text()).not.toContain(canaryPrompt);
  });

  it("N1 has ten seconds to be made, or what it is given", async () => {
    const silent = await plainServer(() => undefined);
    const ask = provider(silent.url, { transport: openTransport({ connectTimeoutMs: 200 }) });
    const failure = within(5000, ask(call(), context()));
    await expect(failure).rejects.toMatchObject({ code: "network", unreachable: true });
  });

  it("N1 refuses a port that is none before anything is sent", () => {
    expect(() => clientAt("http://127.0.0.1:99999/v1")).toThrow(/URL/);
  });

  it("N1 is made again free of charge, until it comes about", async () => {
    const { port } = new URL(await desertedOrigin());
    await using llm = clientAt(`http://127.0.0.1:${port}/v1`, { retry: 5 });
    const ended: unknown[] = [];
    const asking = llm.batch(["hi"], {
      onAttemptEnd: (_, attempt, failure) => void ended.push([attempt, failure?.unreachable]),
    });
    await pause(100);
    await using simulator = await startSimulator({ port: Number(port) });
    const [result] = await within(10_000, asking);
    expect(result?.ok).toBe(true);
    expect(simulator.ledger().received).toBe(1);
    expect(ended.slice(0, -1).every((end) => Array.isArray(end) && end[1] === true)).toBe(true);
    expect(ended.length).toBe(result?.attempts);
  });

  it("N1 stops a run after a handful of identical failures, not after a million", async () => {
    const folder = await mkdtemp(join(tmpdir(), "sluice-network-"));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const input = join(folder, "in.jsonl");
    const rows = Array.from({ length: 5000 }, (_, index) => JSON.stringify({ prompt: `question ${index}` }));
    await writeFile(input, rows.join("\n"));
    await using llm = clientAt(`${await desertedOrigin()}/v1`, { retry: 2, limits: { maxConcurrent: 16 } });
    let attempts = 0;
    llm.on("attempt-start", () => void (attempts += 1));
    const summary = await within(15_000, runFile({ input, llm, model: "openai/m" }));
    expect(summary).toMatchObject({ outcome: "stopped-early", succeeded: 0, possiblyPaidTwice: 0 });
    expect(summary.stop?.code).toBe("network");
    expect(summary.remaining + summary.failed).toBe(5000);
    expect(summary.failed).toBe(0);
    expect(attempts).toBeLessThanOrEqual(16 * 6);
  });
});

describe("N2 a connection that breaks", () => {
  it.each([
    ["N2 before the head", { kind: "reset_peer", afterMs: 60 } as const, "network"],
    ["N2 in the body", { kind: "reset_peer", afterBytes: 700 } as const, "malformed"],
  ])("%s may have been paid, and is made again within the retries", async (_, toxic, code) => {
    const simulator = await simulated({ firstTokenMs: 200, outputTokens: 400 });
    const isReset = (number: number) => (number % 2 === 0 ? [toxic] : []);
    const proxy = await faultProxy({ port: simulator.port, toxics: isReset });
    for (const stream of [false, true]) {
      const before = simulator.ledger().received;
      const error = failureOf(await asked(`${proxy.origin}/v1`, stream));
      expect(error).toMatchObject({ code, retryable: true, unreachable: false });
      const again = await asked(`${proxy.origin}/v1`, stream, { retry: 1 });
      expect(again).toMatchObject({ ok: true, attempts: 1 });
      const counted = await asked(`${proxy.origin}/v1`, stream, { retry: 1 });
      expect(counted).toMatchObject({ ok: true, attempts: 2 });
      expect(simulator.ledger().received - before).toBe(4);
      proxy.poison(isReset);
      // Keeps even numbers for connections that break.
      if (proxy.accepted() % 2 === 1) await asked(`${proxy.origin}/v1`, stream);
    }
  });
});

describe("N11 a server that closes what is idle just when it is used again", () => {
  it.each(["FIN", "RST"])("N11 loses no call, and counts the attempts that it cost: %s", async (how) => {
    const idleMs = 10;
    const server = await rawServer(({ socket }) => {
      socket.write(answerOf(wholeBody()));
      const timer = setTimeout(() => (how === "FIN" ? socket.end() : socket.resetAndDestroy()), idleMs);
      socket.once("data", () => clearTimeout(timer));
    });
    await using llm = clientAt(server.url, { retry: 5 });
    let attempts = 0;
    const asking = async (): Promise<void> => {
      for (let turn = 0; turn < 30; turn++) {
        const [result] = await llm.batch(["hi"]);
        expect(result?.ok, result?.ok === false ? result.error.message : "").toBe(true);
        attempts += result?.attempts ?? 0;
        await pause(idleMs - 1 + (turn % 3));
      }
    };
    await within(30_000, Promise.all(Array.from({ length: 8 }, asking)));
    expect(attempts).toBeGreaterThanOrEqual(server.requests());
    expect(attempts).toBeLessThanOrEqual(2 * 8 * 30);
  });

  it("N11 leaves a connection before the server does that says how long it keeps it", async () => {
    let left: ((afterMs: number) => void) | undefined;
    const leaving = new Promise<number>((resolve) => (left = resolve));
    const server = await rawServer(({ socket }) => {
      socket.write(answerOf(wholeBody(), ["connection: keep-alive", "keep-alive: timeout=3"]));
      const at = performance.now();
      socket.once("end", () => left?.(performance.now() - at));
    });
    await using llm = clientAt(server.url);
    await llm.chat("hi");
    expect(await within(5000, leaving)).toBeLessThan(2500);
  });
});
