import { describe, expect, it } from "vitest";
import { VirtualClock } from "../../time/virtual-clock.ts";
import type { StopSignal } from "../host.ts";
import { signalExitCode, stopSignals } from "./stop-signals.ts";

const example = () => {
  const clock = new VirtualClock();
  const listeners = new Set<(signal: StopSignal) => void>();
  const ends: (string | number)[] = [];
  const host = {
    onSignal: (listener: (signal: StopSignal) => void) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    exit: (code: number): never => {
      ends.push(code);
      return undefined as never;
    },
  };
  const signals = stopSignals(host, clock, () => ends.push("tidied"));
  const send = (signal: StopSignal): void => listeners.forEach((listener) => listener(signal));
  return { clock, listeners, ends, signals, send };
};

describe("signals", () => {
  it("first drain, then abort, then end the process at once", async () => {
    const { clock, ends, signals, send } = example();
    send("SIGTERM");
    expect([signals.drain.aborted, signals.abort.aborted]).toEqual([true, false]);
    await clock.advance(500);
    send("SIGINT");
    expect(signals.abort.aborted).toBe(true);
    expect(ends).toEqual([]);
    await clock.advance(500);
    send("SIGINT");
    expect(ends).toEqual(["tidied", 143]);
    expect(signals.received).toBe("SIGTERM");
  });

  it("that arrive twice within a moment count once", () => {
    const { signals, send } = example();
    send("SIGINT");
    send("SIGINT");
    expect(signals.abort.aborted).toBe(false);
  });

  it("end a process with 128 and their number", () => {
    expect((["SIGHUP", "SIGINT", "SIGTERM"] as const).map(signalExitCode)).toEqual([129, 130, 143]);
  });

  it("are left to the system after the release", () => {
    const { listeners, signals } = example();
    signals.release();
    expect(listeners.size).toBe(0);
  });
});
