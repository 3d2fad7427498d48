import { describe, expect, it } from "vitest";
import { onAbort } from "../time/on-abort.ts";
import { ControllerPool } from "./controller-pool.ts";

describe("ControllerPool", () => {
  it("hands a controller out again that came back unused", () => {
    const pool = new ControllerPool();
    const controller = pool.take();
    const stop = onAbort(controller.signal, () => undefined);
    stop();
    pool.giveBack(controller);
    expect(pool.take()).toBe(controller);
  });

  it.each<[string, (controller: AbortController) => void]>([
    ["was aborted", (controller) => controller.abort()],
    ["somebody still listens to", ({ signal }) => signal.addEventListener("abort", () => undefined)],
    ["somebody still follows", ({ signal }) => void onAbort(signal, () => undefined)],
    ["has a handler", ({ signal }) => void (signal.onabort = () => undefined)],
  ])("never hands out one that %s", (_, use) => {
    const pool = new ControllerPool();
    const controller = pool.take();
    use(controller);
    pool.giveBack(controller);
    expect(pool.take()).not.toBe(controller);
  });
});
