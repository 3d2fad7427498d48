import { getEventListeners } from "node:events";
import { describe, expect, it } from "vitest";
import { childController } from "./child-controller.ts";
import { followerCount, onAbort } from "./on-abort.ts";

describe("onAbort", () => {
  it("tells everyone who still listens, once", () => {
    const controller = new AbortController();
    const told: string[] = [];
    onAbort(controller.signal, () => told.push("first"));
    const stop = onAbort(controller.signal, () => told.push("stopped"));
    onAbort(controller.signal, () => told.push("third"));
    stop();
    stop();
    controller.abort();
    controller.abort();
    expect(told).toEqual(["first", "third"]);
  });

  it("adds one listener to a signal that thousands follow, and keeps none of them", () => {
    const controller = new AbortController();
    const { signal } = controller;
    const stops = Array.from({ length: 5000 }, () => onAbort(signal, () => undefined));
    expect(getEventListeners(signal, "abort")).toHaveLength(1);
    for (const stop of stops) stop();
    expect(getEventListeners(signal, "abort")).toHaveLength(1);
    expect(followerCount(signal)).toBe(0);
    let told = 0;
    onAbort(signal, () => told++);
    for (const stop of stops) stop();
    controller.abort();
    expect(told).toBe(1);
  });

  it("lets those who are told stop the others", () => {
    const controller = new AbortController();
    const told: string[] = [];
    onAbort(controller.signal, () => {
      told.push("first");
      stop();
    });
    const stop = onAbort(controller.signal, () => told.push("second"));
    controller.abort();
    expect(told).toEqual(["first"]);
  });
});

describe("childController", () => {
  it("aborts with its parent, for the same reason", () => {
    const parent = new AbortController();
    const child = childController(parent.signal);
    const reason = new Error("over");
    parent.abort(reason);
    expect(child.signal.reason).toBe(reason);
  });

  it("starts aborted under a parent that has aborted", () => {
    expect(childController(AbortSignal.abort("over")).signal.reason).toBe("over");
  });

  it("aborts alone and leaves its parent as it was", () => {
    const parent = new AbortController();
    const child = childController(parent.signal);
    child.abort("mine");
    parent.abort("other");
    expect(child.signal.reason).toBe("mine");
  });

  it("hears nothing any more once it is disposed", () => {
    const parent = new AbortController();
    const child = childController(parent.signal);
    child[Symbol.dispose]();
    child[Symbol.dispose]();
    parent.abort();
    expect(child.signal.aborted).toBe(false);
  });
});
