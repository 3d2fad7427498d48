import { describe, expect, it } from "vitest";
import { printableStream, printableText } from "./printable-stream.ts";

const filtered = (...pieces: readonly string[]): string => {
  const stream = printableStream();
  return pieces.map((piece) => stream.push(piece)).join("");
};

describe("text that arrives in pieces", () => {
  it("keeps newlines, tabs and every letter", () => {
    expect(filtered("a\tb\n", "中文 ", "👩‍🚀\n")).toBe("a\tb\n中文 👩‍🚀\n");
  });

  it("loses what could steer a terminal", () => {
    expect(filtered("\u001b[31mred\u001b[0m \u001b]0;title\u0007x\u0008\u009b\u202e")).toBe("red x");
  });

  it("loses an escape sequence that is cut anywhere", () => {
    const text = "a\u001b[1;31mb\u001b]8;;http://x\u001b\\c\r\nd";
    for (let cut = 1; cut < text.length; cut++) {
      expect(filtered(text.slice(0, cut), text.slice(cut))).toBe("abc\nd");
    }
    expect(filtered(...text.split(""))).toBe("abc\nd");
  });

  it("does not hold back for ever what never ends", () => {
    expect(filtered(`\u001b]${"x".repeat(2000)}`)).toContain("xxx");
  });
});

describe("text that is there as a whole", () => {
  it("keeps its tabs, too", () => {
    expect(printableText("a\t\u001b[2Jb\n")).toBe("a\tb\n");
  });
});
