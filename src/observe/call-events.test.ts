import { describe, expect, expectTypeOf, it } from "vitest";
import type { CallEvent } from "../call/call-event.ts";
import { CallEvents } from "./call-events.ts";

const retry: CallEvent = {
  type: "call-retry",
  at: 0,
  id: "c",
  attempt: 1,
  code: "server",
  message: "broken",
  waitMs: 250,
};
const end: CallEvent = { type: "call-end", at: 1, id: "c", totalMs: 1 };

const world = () => {
  const reported: unknown[] = [];
  return { events: new CallEvents((error) => reported.push(error)), reported };
};

describe("CallEvents", () => {
  it("tells each listener what it asked for, in the order in which they came", () => {
    const { events } = world();
    const heard: string[] = [];
    events.on("*", ({ type }) => heard.push(`all: ${type}`));
    events.on("call-retry", ({ waitMs }) => heard.push(`retry in ${waitMs}`));
    events.emit(retry);
    events.emit(end);
    expect(heard).toEqual(["all: call-retry", "retry in 250", "all: call-end"]);
  });

  it("knows what an event of each type carries", () => {
    const { events } = world();
    events.on("call-end", (event) => expectTypeOf(event).toEqualTypeOf<Extract<CallEvent, { type: "call-end" }>>());
    events.on("*", (event) => expectTypeOf(event).toEqualTypeOf<CallEvent>());
  });

  it("reports what a listener throws, and tells the others", () => {
    const { events, reported } = world();
    const heard: string[] = [];
    const bug = new Error("a bug");
    events.on("*", () => {
      throw bug;
    });
    events.on("call-end", ({ type }) => heard.push(type));
    events.emit(end);
    expect([reported, heard]).toEqual([[bug], ["call-end"]]);
  });

  it("lets listeners come and go while an event is told", () => {
    const { events } = world();
    const heard: string[] = [];
    const offFirst = events.on("*", () => {
      heard.push("first");
      offFirst();
      offThird();
      events.on("*", () => heard.push("late"));
    });
    events.on("*", () => heard.push("second"));
    const offThird = events.on("*", () => heard.push("third"));
    events.emit(retry);
    events.emit(end);
    expect(heard).toEqual(["first", "second", "second", "late"]);
  });

  it("forgets one registration of a listener that came twice, however often it is told to", () => {
    const { events } = world();
    let heard = 0;
    const listener = (): void => void heard++;
    const off = events.on("call-end", listener);
    events.on("call-end", listener);
    off();
    off();
    events.emit(end);
    expect(heard).toBe(1);
  });

  it("refuses names that no event has, and listeners that are none", () => {
    const { events } = world();
    // @ts-expect-error -- there is no such event.
    expect(() => events.on("call-ended", () => undefined)).toThrow(
      /there is no event "call-ended"; there are \*, call-/,
    );
    // @ts-expect-error -- no function.
    expect(() => events.on("call-end", {})).toThrow(
      'Cannot listen to "call-end": the listener must be a function, got object',
    );
  });
});
