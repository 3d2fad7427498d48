import { setTimeout as pause } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import type { LLMOptions } from "../../src/client/llm-options.ts";
import { faultProxy } from "../fixtures/fault-proxy.ts";
import { simulated } from "../fixtures/simulated.ts";
import { piece } from "../fixtures/streamed-answer.ts";
import type { Placed } from "../fixtures/toxics.ts";
import { asked, clientAt, expectNothingLeft, failureOf, within } from "./network-client.ts";
import { chunk, rawServer, streamHead } from "./raw-server.ts";

expectNothingLeft();

const elapsed = async (what: Promise<unknown>): Promise<number> => {
  const at = performance.now();
  await what;
  return performance.now() - at;
};

/** How much later than a plain timer a call ends that must end at its time. */
const lateness = async (ms: number, what: () => Promise<unknown>): Promise<number> => {
  const [call, timer] = await Promise.all([elapsed(what()), elapsed(pause(ms))]);
  return call - timer;
};

const quick: LLMOptions = { timeout: { attempt: "400ms", firstContent: "400ms", idle: "400ms" } };

describe("N5 comments that keep a stream open for ever", () => {
  it.each([
    ["before any content", "", /No content came within 200 ms/],
    ["behind the first content", piece("a"), /Nothing came for 150 ms/],
  ])("N5 are not taken for content %s", async (_, first, says) => {
    const server = await rawServer(({ socket }) => {
      socket.write(streamHead + (first === "" ? "" : chunk(first)));
      const drip = setInterval(() => socket.write(chunk(": keepalive\n\n")), 10);
      socket.once("close", () => clearInterval(drip));
    });
    const timeout = { attempt: "5s", firstContent: "200ms", idle: "150ms" } as const;
    const error = failureOf(await asked(server.url, true, { timeout }));
    expect(error).toMatchObject({ code: "timeout", retryable: true });
    expect(error.message).toMatch(says);
  });
});

describe("N6 a byte every twenty milliseconds", () => {
  it.each([false, true])(
    "N6 is ended at the deadline, not later than 250 ms after it; streamed: %s",
    async (stream) => {
      const simulator = await simulated({ outputTokens: 50 });
      const toxics: readonly Placed[] = [{ kind: "slicer", bytes: 1, delayMs: 20 }];
      const proxy = await faultProxy({ port: simulator.port, toxics });
      let code = "";
      const late = await lateness(400, async () => {
        const result = await asked(`${proxy.origin}/v1`, stream, quick);
        code = failureOf(result).code;
      });
      expect(code).toBe("timeout");
      expect(late).toBeLessThan(250);
    },
  );
});

describe("N7 a connection that is half open", () => {
  it.each([
    ["nothing comes back", { kind: "timeout" }],
    ["nothing arrives", { kind: "timeout", direction: "upstream" }],
  ] as const)("N7 ends with its clocks: %s", async (_, toxic) => {
    const simulator = await simulated();
    const proxy = await faultProxy({ port: simulator.port, toxics: [toxic] });
    for (const stream of [false, true]) {
      const late = await lateness(400, async () => {
        expect(failureOf(await asked(`${proxy.origin}/v1`, stream, quick)).code).toBe("timeout");
      });
      expect(late).toBeLessThan(250);
    }
    expect(simulator.ledger().received).toBe("direction" in toxic ? 0 : 2);
  });

  it("N7 lets the caller leave at once", async () => {
    const simulator = await simulated({ firstTokenMs: 60_000 });
    const proxy = await faultProxy({ port: simulator.port, toxics: [{ kind: "timeout" }] });
    await using llm = clientAt(`${proxy.origin}/v1`, { timeout: { attempt: "1m" } });
    const controller = new AbortController();
    const asking = llm.batch(["hi"], { signal: controller.signal });
    await expect.poll(() => simulator.ledger().received, { timeout: 10_000 }).toBe(1);
    controller.abort();
    const [result] = await within(1000, asking);
    expect(result).toMatchObject({ ok: false, error: { code: "cancelled" } });
    await expect.poll(() => simulator.ledger(), { timeout: 10_000 }).toMatchObject({ received: 1, abandoned: 1 });
  });

  it("N7 answers all the same behind a slow, jumpy and narrow line", async () => {
    const simulator = await simulated({ outputTokens: 30 });
    const proxy = await faultProxy({
      port: simulator.port,
      toxics: [
        { kind: "latency", ms: 20, jitterMs: 15 },
        { kind: "latency", ms: 10, direction: "upstream" },
        { kind: "slicer", bytes: 100 },
        { kind: "bandwidth", bytesPerSecond: 100_000 },
        { kind: "slow_close", ms: 100 },
      ],
    });
    for (const stream of [false, true]) expect((await asked(`${proxy.origin}/v1`, stream)).ok).toBe(true);
    expect(simulator.ledger()).toMatchObject({ received: 2, completed: 2 });
  });
});
