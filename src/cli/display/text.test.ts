import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compact, grouped } from "./amount-text.ts";
import { printable, printableLine } from "./printable.ts";
import { clockText, durationText, roughText, secondsText } from "./time-text.ts";
import { chinese } from "./words-zh.ts";
import { english } from "./words-en.ts";

describe("printable text", () => {
  it("has lost escape sequences whole, control characters and marks that turn its direction", () => {
    expect(printable("a\u001b[31mred\u001b[0m\u0007\u202eb\u009bc\tz")).toBe("aredbcz");
    expect(printable("\u001b]0;title\u0007x\u001b]8;;http://y\u001b\\z")).toBe("xz");
    expect(printable("one\r\ntwo\n")).toBe("one\ntwo\n");
    expect(printableLine(" one\n\n two\t")).toBe("one two");
  });

  it("never holds a control character but the newline", () => {
    fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => !/[^\P{Cc}\n]/u.test(printable(text))));
  });
});

describe("amounts", () => {
  it("are grouped by thousands", () => {
    expect([0, 999, 1000, 41_207, 1_234_567.4].map(grouped)).toEqual(["0", "999", "1,000", "41,207", "1,234,567"]);
  });

  it("are compact in the language's own magnitudes", () => {
    const amounts = [0, 999, 1500, 182_000, 9_300_000, 2_000_000_000];
    expect(amounts.map((amount) => compact(amount, english))).toEqual(["0", "999", "1.5k", "182k", "9.3M", "2B"]);
    expect(amounts.map((amount) => compact(amount, chinese))).toEqual(["0", "999", "1,500", "18.2万", "930万", "20亿"]);
  });
});

describe("times", () => {
  it("are as exact as they deserve", () => {
    expect([4, 340, 900, 2600, 38_000].map((ms) => secondsText(ms, english))).toEqual([
      "4ms",
      "0.34s",
      "0.90s",
      "2.6s",
      "38s",
    ]);
    expect([1000, 9900, 38_000, 72_000, 4_662_000].map((ms) => durationText(ms, english))).toEqual([
      "1s",
      "9.9s",
      "38s",
      "1m 12s",
      "1h 17m 42s",
    ]);
    expect([400, 38_000, 1_078_000, 4_662_000].map((ms) => roughText(ms, english))).toEqual([
      "1s",
      "38s",
      "18m",
      "1h 17m",
    ]);
    expect(durationText(4_662_000, chinese)).toBe("1小时17分42秒");
    expect([0, 59_999, 3_584_000, 360_000_000].map(clockText)).toEqual([
      "00:00:00",
      "00:00:59",
      "00:59:44",
      "100:00:00",
    ]);
  });
});
