import { Readable } from "node:stream";
import { describe, expect, it } from "vitest";
import type { Host } from "../host.ts";
import { questionOf } from "./question.ts";

const piped = (...bytes: readonly Uint8Array[]): Host["stdin"] =>
  Object.assign(Readable.from(bytes), { isTTY: false }) as unknown as Host["stdin"];

describe("a question", () => {
  it("is the words, what comes from stdin, or both with a blank line between", async () => {
    expect(await questionOf(["name", "three"], piped())).toBe("name three");
    expect(await questionOf([], piped(Buffer.from("from a pipe\r\n")))).toBe("from a pipe");
    expect(await questionOf(["sum up:"], piped(Buffer.from("a\n\nb\n")))).toBe("sum up:\n\na\n\nb");
  });

  it("may have letters that are cut between two pieces", async () => {
    const bytes = Buffer.from("评论");
    expect(await questionOf([], piped(bytes.subarray(0, 2), bytes.subarray(2)))).toBe("评论");
  });

  it("is refused when there is nothing, or no UTF-8", async () => {
    await expect(questionOf([" "], piped())).rejects.toMatchObject({ exitCode: 2 });
    await expect(questionOf([], piped(Buffer.from([0xc4, 0xe3])))).rejects.toThrow("not UTF-8");
  });
});
