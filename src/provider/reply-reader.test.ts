import type { RequestListener } from "node:http";
import { describe, expect, it } from "vitest";
import { CallError } from "../call/call-error.ts";
import type { Context } from "../call/context.ts";
import type { ProviderOptions } from "./provider.ts";
import { serveProvider } from "../../test/fixtures/provider-call.ts";
import { done, event, open, piece, stop, streaming } from "../../test/fixtures/streamed-answer.ts";
import { ask } from "../../test/fixtures/streamed-call.ts";

const failure = async (
  listener: RequestListener,
  more: Partial<Context> = {},
  options: Partial<ProviderOptions> = {},
): Promise<CallError> => {
  const outcome = await ask(await serveProvider(listener), more, options).catch((error: unknown) => error);
  expect(outcome).toBeInstanceOf(CallError);
  return outcome as CallError;
};

describe("a broken stream", () => {
  it("is malformed when it ends before its last event", async () => {
    const error = await failure(streaming(piece("a")));
    expect(error).toMatchObject({ code: "malformed", retryable: true, status: 200, requestId: "r1" });
    expect(error.message).toContain("ended before its last event");
  });

  it("is malformed when the connection breaks", async () => {
    const error = await failure((_, response) => {
      open(response).write(piece("a"), () => setTimeout(() => response.destroy(), 20));
    });
    expect(error).toMatchObject({ code: "malformed", status: 200 });
  });

  it("is malformed when an event is not JSON, even a later one would do", async () => {
    const error = await failure(streaming(piece("a"), 'data: {"choices":[\n\n', stop, done));
    expect(error).toMatchObject({ code: "malformed" });
  });

  it.each([
    ["an error event", 'event: error\ndata: {"error":{"message":"m","type":"server_error"}}\n\n', "server"],
    ["an error in the data", event({ error: { message: "m", code: "rate_limit_exceeded" } }), "throttled"],
    ["an error beside a choice", event({ error: { code: 502, message: "m" }, choices: [{ index: 0 }] }), "server"],
    ["an error inside a choice", event({ choices: [{ index: 0, error: { code: 429 } }] }), "throttled"],
    ["an error field", 'error: {"code":503,"message":"m"}\n\n', "overloaded"],
    ["an error in words", "event: error\ndata: out of memory\n\n", "server"],
  ])("is classified by %s, though [DONE] follows", async (_, text, code) => {
    expect(await failure(streaming(piece("a"), text, done))).toMatchObject({ code, status: 200 });
  });

  it("ends when the signal aborts, and the server sees it", async () => {
    let closed = (): void => {};
    const gone = new Promise<void>((resolve) => (closed = resolve));
    const controller = new AbortController();
    const error = await failure(
      (request, response) => {
        request.socket.on("close", () => closed());
        open(response).write(piece("a"));
      },
      { signal: controller.signal, onEvent: () => controller.abort() },
    );
    expect(error.code).toBe("cancelled");
    await gone;
  });

  it("is refused above the bound", async () => {
    const error = await failure(streaming(piece("x".repeat(600)), done), {}, { maxBodyBytes: 500 });
    expect(error).toMatchObject({ code: "malformed", retryable: false });
  });
});

describe("a reader", () => {
  it("is waited for, event by event", async () => {
    let reading = 0;
    const order: string[] = [];
    const baseURL = await serveProvider(streaming(piece("a") + piece("b") + piece("c") + stop + done));
    await ask(baseURL, {
      onEvent: async (item) => {
        expect(++reading).toBe(1);
        await new Promise((resolve) => setImmediate(resolve));
        order.push(item.text);
        reading--;
      },
    });
    expect(order).toEqual(["a", "b", "c", ""]);
  });

  it("that fails ends the call with a CallError", async () => {
    const failing = (): never => {
      throw new Error("disk full");
    };
    for (const onEvent of [failing, async () => failing()]) {
      const error = await failure(streaming(piece("a"), stop, done), { onEvent });
      expect(error).toMatchObject({ code: "cancelled" });
      expect(error.message).toContain("disk full");
    }
  });

  it("that never comes back does not keep a cancelled call", async () => {
    for (const ending of [stop.trimEnd(), stop]) {
      const controller = new AbortController();
      const error = await failure(streaming(ending), {
        signal: controller.signal,
        onEvent: () => {
          setTimeout(() => controller.abort(), 20);
          return new Promise<void>(() => {});
        },
      });
      expect(error.code).toBe("cancelled");
    }
  });
});
