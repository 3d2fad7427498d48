import { describe, expect, it } from "vitest";
import { type EventOutput, eventOutput, type EventStream } from "./event-output.ts";

const example = (): { output: EventOutput; written: string[]; faults: string[]; breakWith: (code: string) => void } => {
  const written: string[] = [];
  const faults: string[] = [];
  let broken: Error | undefined;
  let listener: (error: Error) => void = () => {};
  const stream: EventStream = {
    on: (_, heard) => (listener = heard),
    write: (text, done) => {
      if (broken === undefined) written.push(text);
      else listener(broken);
      setImmediate(() => done(broken));
    },
  };
  const output = eventOutput(stream, ({ message }) => faults.push(message));
  return {
    output,
    written,
    faults,
    breakWith: (code) => (broken = Object.assign(new Error(code), { code })),
  };
};

describe("the output of events", () => {
  it("goes silent when its reader has left", async () => {
    const { output, written, faults, breakWith } = example();
    output.write("one");
    breakWith("EPIPE");
    output.write("two");
    output.write("three");
    await output.flush();
    expect(written).toEqual(["one"]);
    expect(faults).toEqual([]);
  });

  it("tells any other fault once", async () => {
    const { output, faults, breakWith } = example();
    breakWith("ENOSPC");
    output.write("one");
    output.write("two");
    await output.flush();
    expect(faults).toEqual(["ENOSPC"]);
  });

  it("has found every fault when it is flushed", async () => {
    const { output, faults, breakWith } = example();
    output.write("one");
    breakWith("EIO");
    await output.flush();
    expect(faults).toEqual(["EIO"]);
  });
});
