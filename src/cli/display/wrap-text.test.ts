import stringWidth from "string-width";
import { describe, expect, it } from "vitest";
import { wrapText } from "./wrap-text.ts";

describe("wrapped text", () => {
  it("breaks between words, and within what is no word", () => {
    expect(wrapText("one two three", 8, 9)).toEqual(["one two", "three"]);
    expect(wrapText("abcdefghij", 4, 9)).toEqual(["abcd", "efgh", "ij"]);
    expect(wrapText("", 8, 9)).toEqual([""]);
  });

  it("counts wide letters twice", () => {
    const lines = wrapText("请求因我们的安全系统而被拒绝，请修改后重试。", 12, 9);
    expect(lines.length).toBeGreaterThan(3);
    for (const line of lines) expect(stringWidth(line)).toBeLessThanOrEqual(12);
    expect(lines.join("")).toBe("请求因我们的安全系统而被拒绝，请修改后重试。");
  });

  it("marks what it leaves out, within the columns", () => {
    for (const text of ["one two three four five", "请求因我们的安全系统而被拒绝", "abcdefghijklmnopqrstuvw"]) {
      const lines = wrapText(text, 9, 2);
      expect(lines).toHaveLength(2);
      expect(lines[1]).toMatch(/…$/);
      for (const line of lines) expect(stringWidth(line)).toBeLessThanOrEqual(9);
    }
  });
});
