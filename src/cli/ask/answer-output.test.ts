import { describe, expect, it } from "vitest";
import { type AnswerStream, answerOutput } from "./answer-output.ts";

interface Recorded extends AnswerStream {
  text: string;
}

/** A stream that keeps what it is given, or fails with a system's code. */
const recorded = (isTTY: boolean, failure?: string): Recorded => ({
  isTTY,
  text: "",
  write(text, done) {
    if (failure === undefined) this.text += text;
    done(failure === undefined ? null : Object.assign(new Error(failure), { code: failure }));
  },
  on: () => {},
});

describe("an answer", () => {
  it("goes into a pipe as it is, and ends with one newline", async () => {
    const stream = recorded(false);
    const output = answerOutput(stream);
    await output.write("\u001b[31mred");
    await output.end();
    await output.end();
    expect(stream.text).toBe("\u001b[31mred\n");
  });

  it("reaches a terminal without what could steer it", async () => {
    const stream = recorded(true);
    const output = answerOutput(stream);
    for (const piece of ["\u001b", "[31mred\t", "x\n"]) await output.write(piece);
    await output.end();
    expect(stream.text).toBe("red\tx\n");
  });

  it("adds nothing where nothing was said", async () => {
    const stream = recorded(false);
    await answerOutput(stream).end();
    expect(stream.text).toBe("");
  });

  it("notices quietly that its reader has left", async () => {
    const output = answerOutput(recorded(false, "EPIPE"));
    await output.write("a");
    expect(output.readerLeft).toBe(true);
    await output.end();
  });

  it("says why it cannot be written otherwise", async () => {
    await expect(answerOutput(recorded(false, "ENOSPC")).write("a")).rejects.toMatchObject({ exitCode: 6 });
  });
});
