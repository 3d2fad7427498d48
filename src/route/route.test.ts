import { describe, expect, it } from "vitest";
import { CallError, type CallErrorDetails, type CallErrorCode } from "../call/call-error.ts";
import type { CallEvent } from "../call/call-event.ts";
import type { Call } from "../call/call.ts";
import type { Context } from "../call/context.ts";
import type { Handler } from "../call/handler.ts";
import type { Reply } from "../call/reply.ts";
import { VirtualClock } from "../time/virtual-clock.ts";
import { route, type RouteParts } from "./route.ts";

const call: Call = {
  id: "1",
  operation: "chat",
  model: { provider: "a", name: "m" },
  body: { model: "m" },
  demand: { inputTokens: 1, outputTokens: 1 },
};

const candidates = [
  { deployment: "a", model: { provider: "a", name: "m" } },
  { deployment: "b", model: { provider: "b", name: "other" } },
];

const failure = (code: CallErrorCode, details: CallErrorDetails = {}): CallError =>
  new CallError(code, "no", { attempts: 1, ...details });

/** Which deployment was asked, with which model on the wire. */
type Asked = readonly [deployment: string | undefined, model: unknown];

const setUp = (handler: Handler, parts: Partial<RouteParts> = {}) => {
  const clock = new VirtualClock();
  const asked: Asked[] = [];
  const events: CallEvent[] = [];
  const controller = new AbortController();
  const context: Context = {
    signal: controller.signal,
    cancel: () => undefined,
    clock,
    attempt: 1,
    sequence: 0,
    observe: (event) => void events.push(event),
  };
  const routed = route({ clock, candidates: () => candidates, predictedStart: () => 0, ...parts })((sent, its) => {
    asked.push([sent.deployment, sent.body["model"]]);
    return handler(sent, its);
  });
  return {
    clock,
    asked,
    events,
    controller,
    context,
    run: (more: Partial<Context> = {}) => routed(call, { ...context, ...more }),
  };
};

const answer: Reply = { status: 200, body: {}, deployment: "x" };

const only =
  (failing: string, error: CallError): Handler =>
  ({ deployment }) =>
    deployment === failing ? Promise.reject(error) : Promise.resolve(answer);

describe("route", () => {
  it("sends a call to the deployment that is predicted to start it first, under the model's name there", async () => {
    const { asked, run } = setUp(() => Promise.resolve(answer), {
      predictedStart: ({ deployment }) => (deployment === "b" ? 5 : 10),
    });
    expect((await run()).answeredBy).toEqual({ operation: "chat", model: { provider: "b", name: "other" } });
    expect(asked).toEqual([["b", "other"]]);
  });

  it.each([
    "network",
    "server",
    "overloaded",
    "timeout",
    "malformed",
    "auth",
    "quota_exhausted",
    "not_found",
    "too_large",
  ] as const)("goes on to the next at once after %s, and tells of it as of a retry", async (code) => {
    const { asked, events, run } = setUp(only("a", failure(code)));
    await run();
    expect(asked.map(([deployment]) => deployment)).toEqual(["a", "b"]);
    expect(events).toMatchObject([{ type: "call-retry", attempt: 1, code, waitMs: 0 }]);
  });

  it.each(["invalid_request", "context_length", "content_filter", "cancelled", "throttled"] as const)(
    "ends with %s, which another deployment of the model would answer alike or the queue deals with",
    async (code) => {
      const { asked, run } = setUp(only("a", failure(code)));
      await expect(run()).rejects.toMatchObject({ code });
      expect(asked).toHaveLength(1);
    },
  );

  it("ends with the failure that may pass when all have failed, and with the number of the last attempt", async () => {
    const { run } = setUp(({ deployment }, { attempt }) =>
      Promise.reject(failure(deployment === "a" ? "server" : "auth", { attempts: attempt })),
    );
    await expect(run()).rejects.toMatchObject({ code: "server", retryable: true, attempts: 2 });
  });

  it("leaves a key that is refused alone for ten minutes, and asks it again then", async () => {
    const { asked, clock, run } = setUp(only("a", failure("auth")));
    await run();
    await run();
    expect(asked.map(([deployment]) => deployment)).toEqual(["a", "b", "b"]);
    await clock.advance(600_001);
    await run();
    expect(asked.map(([deployment]) => deployment).slice(3)).toEqual(["a", "b"]);
  });

  it("does not begin a stream again elsewhere once a part of it was read", async () => {
    const { asked, run } = setUp(async (_, { onEvent }) => {
      await onEvent?.({ body: {}, text: "x", content: true });
      throw failure("network");
    });
    await expect(run({ onEvent: () => undefined })).rejects.toMatchObject({ code: "network" });
    expect(asked).toHaveLength(1);
  });

  it("calls those back who wait for a pool that is held", async () => {
    const waitingFor = (context: Context): Promise<Reply> =>
      new Promise((_, reject) => {
        context.signal.addEventListener("abort", () => reject(context.signal.reason as Error));
      });
    let held = 0;
    const { asked, run } = setUp(
      ({ deployment }, context) => {
        if (deployment === "b") return Promise.resolve(answer);
        held += 1;
        if (held === 1) return waitingFor(context);
        return Promise.reject(failure("throttled"));
      },
      { predictedStart: ({ deployment }) => (deployment === "b" ? 5 : held < 2 ? 0 : 10) },
    );
    const waiting = run();
    await expect(run()).rejects.toMatchObject({ code: "throttled" });
    await expect(waiting).resolves.toMatchObject({ deployment: "x" });
    expect(asked.map(([deployment]) => deployment)).toEqual(["a", "a", "b"]);
  });

  it("gives each attempt that went out its own number, even where the failures do not name theirs", async () => {
    const { events, run } = setUp(({ id }, { attempt, observe, clock }) => {
      observe({ type: "attempt-start", at: clock.now(), id, attempt, queuedMs: 0 });
      return Promise.reject(failure("network", { attempts: 0 }));
    });
    await expect(run({ attempt: 3 })).rejects.toMatchObject({ code: "network", attempts: 4 });
    expect(events.flatMap((event) => (event.type === "attempt-start" ? [event.attempt] : []))).toEqual([3, 4]);
  });

  it("does not hold it against a deployment when the caller's own time is over", async () => {
    const { asked, clock, run } = setUp(
      ({ id }, { attempt, observe, clock: itsClock }) => {
        observe({ type: "attempt-start", at: itsClock.now(), id, attempt, queuedMs: 0 });
        observe({ type: "attempt-end", at: itsClock.now(), id, attempt, elapsedMs: 0, code: "timeout" });
        return Promise.reject(failure("timeout"));
      },
      { predictedStart: ({ deployment }) => (deployment === "a" ? 0 : 10) },
    );
    const over = AbortSignal.abort(new CallError("timeout", "its total"));
    for (let index = 0; index < 10; index++) await run({ signal: over }).catch(() => undefined);
    expect(asked.map(([deployment]) => deployment)).toEqual(Array.from({ length: 10 }, () => "a"));
    expect(clock.now()).toBe(0);
  });

  it("lets an old attempt that still hangs not stand for the one that finds out whether a deployment is back", async () => {
    let asks = 0;
    const { asked, clock, run } = setUp(
      ({ id, deployment }, { attempt, observe, clock: itsClock }) => {
        if (deployment === "b") return Promise.resolve(answer);
        observe({ type: "attempt-start", at: itsClock.now(), id, attempt, queuedMs: 0 });
        if (++asks === 1) return new Promise(() => undefined);
        if (asks > 4) return Promise.resolve(answer);
        observe({ type: "attempt-end", at: itsClock.now(), id, attempt, elapsedMs: 0, code: "network" });
        return Promise.reject(failure("network"));
      },
      { predictedStart: ({ deployment }) => (deployment === "a" ? 0 : 10) },
    );
    run().catch(() => undefined);
    for (let index = 0; index < 4; index++) await run();
    expect(asked.at(-1)?.[0]).toBe("b");
    await clock.advance(5001);
    await run();
    expect(asked.at(-1)?.[0]).toBe("a");
  });

  it("ends a cancelled call with its own reason, wherever it is", async () => {
    const { controller, run } = setUp(
      (_, { signal }) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener("abort", () => reject(failure("network")));
        }),
    );
    const running = run();
    controller.abort(new CallError("cancelled", "enough"));
    await expect(running).rejects.toMatchObject({ code: "cancelled", message: "enough" });
  });
});
