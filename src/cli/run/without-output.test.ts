import { describe, expect, it } from "vitest";
import { withoutOutput } from "./without-output.ts";

describe("withoutOutput", () => {
  it.each([
    [["run", "in.jsonl", "-o", "out.jsonl", "-m", "m"]],
    [["run", "in.jsonl", "-m", "m", "--output", "out.jsonl"]],
    [["run", "--output=out.jsonl", "in.jsonl", "-m", "m"]],
    [["run", "-oout.jsonl", "in.jsonl", "-m", "m"]],
    [["run", "in.jsonl", "-m", "m"]],
  ])("leaves of %j all but the output", (words) => {
    expect(withoutOutput(words)).toEqual(["run", "in.jsonl", "-m", "m"]);
  });

  it("leaves flags that only begin like it", () => {
    const words = ["run", "in.jsonl", "--output-format", "flat", "--order", "input"];
    expect(withoutOutput(words)).toEqual(words);
  });
});
