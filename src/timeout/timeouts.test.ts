import { describe, expect, it } from "vitest";
import { CallError } from "../call/call-error.ts";
import type { Call } from "../call/call.ts";
import type { Context, Progress } from "../call/context.ts";
import { compose, type Handler, type Layer } from "../call/handler.ts";
import { sleep } from "../time/sleep.ts";
import { VirtualClock } from "../time/virtual-clock.ts";
import { attemptTimeout } from "./attempt-timeout.ts";
import { totalTimeout } from "./total-timeout.ts";
import { followerCount } from "../time/on-abort.ts";

const limits = { attemptMs: 10_000, firstContentMs: 3000, idleMs: 1000 };
const reply = { status: 200, body: {}, deployment: "here" };
const part = { body: {}, text: "x", content: true };

const callOf = (stream: boolean): Call => ({
  id: "c",
  operation: "chat",
  model: { provider: "openai", name: "m" },
  body: { stream },
  demand: { inputTokens: 1, outputTokens: 1 },
});

const world = (layer: Layer, handler: Handler, more: Partial<Context> = {}, stream = true) => {
  const clock = new VirtualClock();
  const controller = new AbortController();
  const { signal } = controller;
  const cancel = (reason: CallError): void => controller.abort(reason);
  const context: Context = { signal, cancel, clock, attempt: 1, sequence: 0, observe: () => undefined, ...more };
  /** When and how the call ended; nothing may be left behind. */
  const outcome = async (): Promise<string> => {
    const end = await clock
      .until(layer(handler)(callOf(stream), context))
      .then(() => "ok")
      .catch((error: unknown) => (error instanceof CallError ? `${error.code}: ${error.message}` : String(error)));
    expect(clock.armed).toBe(0);
    expect(followerCount(signal) ?? 0).toBe(0);
    return `${clock.now()} ${end}`;
  };
  return { clock, controller, outcome, run: () => layer(handler)(callOf(stream), context) };
};

/** A provider that makes each kind of progress at its time, and then answers `lastMs` later. */
const provider =
  (steps: readonly (readonly [afterMs: number, progress: Progress | "nothing"])[], lastMs: number): Handler =>
  async (_call, { clock, signal, onProgress, onEvent }) => {
    for (const [afterMs, progress] of steps) {
      await pause(clock, afterMs, signal);
      if (progress !== "nothing") onProgress?.(progress);
      if (progress === "content") await onEvent?.(part);
    }
    await pause(clock, lastMs, signal);
    return reply;
  };

/** Waits without a listener that `sleep` would leave on the layer's own signal. */
const pause = async (clock: Context["clock"], ms: number, signal: AbortSignal): Promise<void> => {
  const child = new AbortController();
  const abort = (): void => child.abort(signal.reason);
  if (signal.aborted) abort();
  signal.addEventListener("abort", abort, { once: true });
  await sleep(clock, ms, child.signal).finally(() => signal.removeEventListener("abort", abort));
};

describe("attemptTimeout", () => {
  const layer = attemptTimeout(limits);

  it.each([
    ["a quick answer", [], 500, "500 ok"],
    ["no content", [[100, "head"]], 9000, "3000 timeout: No content came within 3000 ms"],
    [
      "keep-alives only",
      [
        [900, "nothing"],
        [900, "nothing"],
        [900, "nothing"],
      ],
      900,
      "3000 timeout: No content came within 3000 ms",
    ],
    ["silence between contents", [[2000, "content"]], 5000, "3000 timeout: Nothing came for 1000 ms"],
    [
      "keep-alives after a content",
      [
        [500, "content"],
        [700, "nothing"],
      ],
      5000,
      "1500 timeout: Nothing came for 1000 ms",
    ],
    ["steady contents", Array.from({ length: 9 }, () => [900, "content"] as const), 900, "9000 ok"],
    [
      "steady contents for too long",
      Array.from({ length: 20 }, () => [900, "content"] as const),
      900,
      "10000 timeout: The attempt took longer than 10000 ms",
    ],
  ] as const)("ends a stream in time with %s", async (_what, steps, lastMs, expected) => {
    expect(await world(layer, provider(steps, lastMs)).outcome()).toBe(expected);
  });

  it.each([
    ["long thinking", [], 9000, "9000 ok"],
    ["too long thinking", [], 11_000, "10000 timeout: The attempt took longer than 10000 ms"],
    [
      "a stalled body",
      [
        [5000, "head"],
        [500, "body"],
      ],
      4000,
      "6500 timeout: Nothing came for 1000 ms",
    ],
    [
      "a slow but steady body",
      [
        [5000, "head"],
        [900, "body"],
        [900, "body"],
      ],
      900,
      "7700 ok",
    ],
  ] as const)("ends a plain answer in time with %s", async (_what, steps, lastMs, expected) => {
    expect(await world(layer, provider(steps, lastMs), {}, false).outcome()).toBe(expected);
  });

  it("does not take a slow reader for a silent provider", async () => {
    const reads: number[] = [];
    const { clock, outcome } = world(
      layer,
      provider(
        [
          [500, "content"],
          [500, "content"],
        ],
        500,
      ),
      {
        onEvent: async () => {
          await pause(clock, 3000, new AbortController().signal);
          reads.push(clock.now());
        },
      },
    );
    expect(await outcome()).toBe("7500 ok");
    expect(reads).toEqual([3500, 7000]);
  });

  it("watches for silence again after a slow reader", async () => {
    const { clock, outcome } = world(layer, provider([[500, "content"]], 5000), {
      onEvent: () => pause(clock, 3000, new AbortController().signal),
    });
    expect(await outcome()).toBe("4500 timeout: Nothing came for 1000 ms");
  });

  it("lets a call have timeouts of its own", async () => {
    const timeouts = { firstContentMs: 200 };
    expect(await world(layer, provider([], 900), { timeouts }).outcome()).toBe(
      "200 timeout: No content came within 200 ms",
    );
    const longer = { timeouts: { firstContentMs: 50_000, attemptMs: 60_000 } };
    expect(await world(layer, provider([], 40_000), longer).outcome()).toBe("40000 ok");
  });

  it("ends with its call, for the call's reason", async () => {
    const { clock, controller, outcome } = world(layer, provider([], 9000));
    clock.schedule(700, () => controller.abort(new CallError("cancelled", "enough")));
    expect(await outcome()).toBe("700 cancelled: enough");
  });

  it("arms nothing any more when a reader or the provider reports after the end", async () => {
    let late: (() => void) | undefined;
    const { clock, outcome } = world(
      layer,
      async (_call, { onProgress, onEvent }) => {
        late = () => onProgress?.("content");
        onEvent?.(part)?.catch(() => undefined);
        throw new CallError("network", "cut");
      },
      { onEvent: () => new Promise((resolve) => void clock.schedule(100, resolve)) },
    );
    clock.schedule(50, () => late?.());
    await clock.advance(0);
    const ended = outcome().catch(() => "timers are left");
    await clock.advance(200);
    await ended;
    expect(clock.armed).toBe(0);
  });

  it("hands every progress on", async () => {
    const seen: Progress[] = [];
    const { outcome } = world(
      layer,
      provider(
        [
          [1, "head"],
          [1, "content"],
        ],
        1,
      ),
      { onProgress: (one) => seen.push(one) },
    );
    await outcome();
    expect(seen).toEqual(["head", "content"]);
  });
});

describe("totalTimeout", () => {
  const tooLong = "timeout: The call took longer than its total of 5000 ms";

  it.each([
    [provider([], 4000), "4000 ok"],
    [provider([], 6000), `5000 ${tooLong}`],
  ])("ends a call, with all its waiting, after its time", async (handler, expected) => {
    expect(await world(totalTimeout(5000), handler).outcome()).toBe(expected);
  });

  it("is final: nothing is tried again after it", async () => {
    const { clock, run } = world(totalTimeout(5000), provider([], 6000));
    await expect(clock.until(run())).rejects.toMatchObject({ code: "timeout", retryable: false });
  });

  it("can be a call's own, or none", async () => {
    expect(await world(totalTimeout(Infinity), provider([], 86_400_000)).outcome()).toBe("86400000 ok");
    const own = { timeouts: { totalMs: 5000 } };
    expect(await world(totalTimeout(Infinity), provider([], 6000), own).outcome()).toBe(`5000 ${tooLong}`);
    const none = { timeouts: { totalMs: Infinity } };
    expect(await world(totalTimeout(5000), provider([], 6000), none).outcome()).toBe("6000 ok");
  });

  it("goes by whichever clock runs out first", async () => {
    const both = compose(totalTimeout(5000), attemptTimeout(limits));
    expect(await world(both, provider([], 9000)).outcome()).toBe("3000 timeout: No content came within 3000 ms");
    expect(await world(both, provider([], 9000), {}, false).outcome()).toBe(`5000 ${tooLong}`);
  });
});
