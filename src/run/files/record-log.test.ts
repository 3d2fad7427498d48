import { describe, expect, it } from "vitest";
import { VirtualClock } from "../../time/virtual-clock.ts";
import { RecordLog, type LogHandle } from "./record-log.ts";

/** A file in memory that counts what is asked of it. */
class MemoryFile implements LogHandle {
  readonly writes: string[] = [];
  syncs = 0;
  closed = false;
  failure: Error | undefined;
  syncFailure: Error | undefined;
  /** The most bytes that one write takes. */
  limit = Infinity;

  async append(data: Uint8Array): Promise<number> {
    if (this.failure !== undefined) throw this.failure;
    const taken = data.subarray(0, this.limit);
    this.writes.push(Buffer.from(taken).toString("utf8"));
    return taken.length;
  }

  async datasync(): Promise<void> {
    this.syncs += 1;
    if (this.syncFailure !== undefined) throw this.syncFailure;
  }

  async close(): Promise<void> {
    this.closed = true;
  }
}

const open = (maxWaitingBytes = 1000) => {
  const file = new MemoryFile();
  const clock = new VirtualClock();
  const failures: unknown[] = [];
  const log = new RecordLog({ handle: file, clock, onFailure: (error) => failures.push(error), maxWaitingBytes });
  const accepted: string[] = [];
  const append = (line: string): void => log.append(line, () => accepted.push(line));
  return { file, clock, failures, log, accepted, append };
};

const turns = async (count = 5): Promise<void> => {
  for (let turn = 0; turn < count; turn++) await new Promise((resolve) => setImmediate(resolve));
};

describe("RecordLog", () => {
  it("writes what arrives in one turn with one write, and accepts it only then", async () => {
    const { file, append, accepted, log } = open();
    append("a\n");
    append("b\n");
    expect(accepted).toEqual([]);
    await turns();
    expect(file.writes).toEqual(["a\nb\n"]);
    expect(accepted).toEqual(["a\n", "b\n"]);
    await log.close();
  });

  it("syncs once for many writes, 50 ms after the first at the latest", async () => {
    const { file, append, log, clock } = open();
    append("a\n");
    await turns();
    append("b\n");
    await turns();
    expect(file.syncs).toBe(0);
    await clock.advance(50);
    await turns();
    expect(file.writes).toHaveLength(2);
    expect(file.syncs).toBe(1);
    await log.close();
    expect(file.syncs).toBe(1);
  });

  it("writes and syncs what waits when it is closed, and leaves no timer", async () => {
    const { file, append, log, clock } = open();
    append("a\n");
    await log.close();
    expect(file).toMatchObject({ writes: ["a\n"], syncs: 1, closed: true });
    await clock.advance(1000);
    await turns();
    expect(file.syncs).toBe(1);
  });

  it("makes the writer wait when more is appended than may wait", async () => {
    const { append, log } = open(3);
    append("a\n");
    expect(log.ready()).toBeUndefined();
    append("b\n");
    const ready = log.ready();
    expect(ready).toBeInstanceOf(Promise);
    await ready;
    expect(log.ready()).toBeUndefined();
    await log.close();
  });

  it("writes the rest after a write that took a part, and accepts the record only then", async () => {
    const { file, append, log, accepted, failures } = open();
    file.limit = 3;
    append("12345678\n");
    await log.close();
    expect(file.writes).toEqual(["123", "456", "78\n"]);
    expect([accepted, failures]).toEqual([["12345678\n"], []]);
  });

  it("writes at once where the handle can, the rest of a short write too, and still syncs in groups", async () => {
    const { file, append, accepted, clock, log } = open();
    file.limit = 3;
    Object.assign(file, {
      appendNow: (data: Uint8Array): number => {
        file.writes.push(Buffer.from(data.subarray(0, 3)).toString("utf8"));
        return Math.min(3, data.length);
      },
    });
    append("1234\n");
    expect([file.writes, accepted]).toEqual([["123", "4\n"], ["1234\n"]]);
    append("5\n");
    await clock.advance(50);
    await turns();
    expect(file.syncs).toBe(1);
    await log.close();
  });

  it("accepts nothing after a write that failed at once", async () => {
    const { file, append, accepted, failures, log } = open();
    Object.assign(file, {
      appendNow: (): number => {
        throw new Error("ENOSPC");
      },
    });
    append("1\n");
    append("2\n");
    await log.close();
    expect([accepted, failures]).toEqual([[], [new Error("ENOSPC")]]);
  });

  it.each(["write", "write that takes nothing", "sync"])("writes nothing more after a failed %s", async (kind) => {
    const { file, append, log, clock, failures, accepted } = open();
    const failure = new Error("ENOSPC");
    if (kind === "write") file.failure = failure;
    if (kind === "write that takes nothing") file.limit = 0;
    if (kind === "sync") file.syncFailure = failure;
    append("a\n");
    await turns();
    await clock.advance(50);
    await turns();
    const { syncs } = file;
    const writes = file.writes.length;
    Object.assign(file, { failure: undefined, syncFailure: undefined, limit: Infinity });
    append("b\n");
    await turns();
    await log.close();
    expect(failures).toHaveLength(1);
    expect(accepted).toEqual(kind === "sync" ? ["a\n"] : []);
    expect(file).toMatchObject({ syncs, closed: true });
    expect(file.writes).toHaveLength(writes);
  });
});
