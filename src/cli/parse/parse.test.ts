import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it, onTestFinished } from "vitest";
import { parseChoice } from "./parse-choice.ts";
import { parseConcurrency } from "./parse-concurrency.ts";
import { parseCount } from "./parse-count.ts";
import { parseDuration } from "./parse-duration.ts";
import { parseFaults } from "./parse-faults.ts";
import { parseParams } from "./parse-params.ts";
import { parseRate } from "./parse-rate.ts";
import { parseWhole } from "./parse-whole.ts";
import { textArgument } from "./text-argument.ts";

describe("a count", () => {
  it.each([
    ["500", 500],
    ["200k", 200_000],
    ["2M", 2_000_000],
    ["1.5M", 1_500_000],
    [" 7 ", 7],
  ])("%s is %d", (text, count) => {
    expect(parseCount(text, "-n")).toBe(count);
  });

  it.each(["", "0", "-5", "2m", "1e3", "k", "1.2.3", "0.2", "NaN", "99999999999999999999"])("is not %j", (text) => {
    expect(() => parseCount(text, "--limit")).toThrow(/^--limit must be a count such as/);
  });

  it("reads back every whole number", () => {
    fc.assert(fc.property(fc.integer({ min: 1 }), (count) => parseCount(String(count), "-n") === count));
  });
});

describe("a rate", () => {
  it.each([
    ["500", 500],
    ["500/m", 500],
    ["8/s", 480],
    ["0.5/s", 30],
    ["3k", 3000],
    ["2k/s", 120_000],
  ])("%s is %d a minute", (text, perMinute) => {
    expect(parseRate(text, "--rpm")).toBe(perMinute);
  });

  it.each(["fast", "", "8/h", "8/s/s", "/s", "0/s", "0"])("is not %j", (text) => {
    expect(() => parseRate(text, "--rpm")).toThrow(/^--rpm must be a rate such as/);
  });
});

describe("a concurrency", () => {
  it("is a number, a range or auto", () => {
    expect(parseConcurrency("16", "-j")).toBe(16);
    expect(parseConcurrency("auto", "-j")).toBe("auto");
    expect(parseConcurrency(" 10-100 ", "-j")).toEqual({ min: 10, max: 100 });
    expect(parseConcurrency("8-8", "-j")).toBe(8);
  });

  it("is nothing else, and no range that ends below its beginning", () => {
    for (const text of ["0", "-3", "many", "1.5", "0-4", "4-", "-4", "2-3-4", "1-99999999999999999999"]) {
      expect(() => parseConcurrency(text, "-j")).toThrow("-j must be a whole number of at least 1, a range such as");
    }
    expect(() => parseConcurrency("100-10", "-j")).toThrow(
      "-j 100-10: the range ends below its beginning (did you mean 10-100?)",
    );
  });
});

describe("a choice", () => {
  it("is one of the words, or is refused with all of them", () => {
    expect(parseChoice(" wait", "--on-quota", ["fail", "wait"])).toBe("wait");
    expect(() => parseChoice("Wait", "--on-quota", ["fail", "wait"])).toThrow(
      '--on-quota must be fail or wait, got "Wait"',
    );
    expect(() => parseChoice("", "-x", ["a", "b", "c"])).toThrow('-x must be a, b or c, got ""');
  });
});

describe("a duration", () => {
  it("has a unit", () => {
    expect(["2m", " 5s ", "500ms", "1.5h"].map((text) => parseDuration(text, "--timeout"))).toEqual([
      120_000, 5000, 500, 5_400_000,
    ]);
  });

  it("is not a bare number, which could mean anything", () => {
    const message = "--timeout must be a duration with a unit such as 5s, 2m or 500ms, got ";
    expect(() => parseDuration("5", "--timeout")).toThrow(`${message}5 (did you mean 5s?)`);
    expect(() => parseDuration("0", "--timeout")).toThrow(new RegExp(`${message}0$`));
    expect(() => parseDuration("0s", "--timeout")).toThrow(`${message}"0s"`);
  });

  it("names the flag when it is none", () => {
    expect(() => parseDuration("soon", "--timeout")).toThrow(/^--timeout must be a duration/);
  });
});

describe("a whole number", () => {
  it("lies within its bounds", () => {
    expect(parseWhole("0", "--retries", 0)).toBe(0);
    expect(() => parseWhole("70000", "--port", 0, 65_535)).toThrow("--port must be a whole number from 0 to 65535");
    expect(() => parseWhole("1.5", "--rows", 1)).toThrow("--rows must be a whole number of at least 1");
  });
});

describe("parameters", () => {
  it("are JSON where they can be, else text, and nest at dots", () => {
    expect(parseParams(["temperature=0", "stop=END", "a.b=1", "a.c=[2]", "x=null", "y=a=b"])).toEqual({
      temperature: 0,
      stop: "END",
      a: { b: 1, c: [2] },
      x: null,
      y: "a=b",
    });
  });

  it("cannot reach a prototype", () => {
    const params = parseParams(["__proto__.polluted=1", "constructor.name=x"]);
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
    expect(Object.keys(params)).toEqual(["__proto__", "constructor"]);
  });

  it.each(["temperature", "=1", "a..b=1", ".a=1"])("are refused when they are %j", (setting) => {
    expect(() => parseParams([setting])).toThrow(/^-P must be key=value/);
  });

  it("cannot be a value and have parts", () => {
    expect(() => parseParams(["a=1", "a.b=2"])).toThrow("another -P has made a plain value");
  });
});

describe("faults", () => {
  it("have a rate as a share or in percent", () => {
    expect(parseFaults(["500=0.02", "reset=1%", "no-done=.5"])).toEqual({ "500": 0.02, reset: 0.01, "no-done": 0.5 });
  });

  it.each([
    ["rest=0.1", "did you mean reset?"],
    ["500", "--fault must be kind=rate"],
    ["500=2", "--fault must be kind=rate"],
    ["500=-1", "--fault must be kind=rate"],
  ])("are refused when they are %s", (setting, message) => {
    expect(() => parseFaults([setting])).toThrow(message);
  });

  it("add up to one at most", () => {
    expect(() => parseFaults(["500=0.7", "503=0.7"])).toThrow("add up to");
  });
});

describe("a text argument", () => {
  it("is itself, and @@ is an at sign", async () => {
    expect(await textArgument("Say {{x}}", "-p")).toBe("Say {{x}}");
    expect(await textArgument("@@home", "-p")).toBe("@home");
  });

  it("is a file's content after @, without its last newline", async () => {
    const folder = await mkdtemp(join(tmpdir(), "sluice-text-"));
    onTestFinished(() => rm(folder, { recursive: true }));
    await writeFile(join(folder, "p.md"), "first\nsecond\n");
    expect(await textArgument(`@${join(folder, "p.md")}`, "-p")).toBe("first\nsecond");
    await writeFile(join(folder, "gbk.md"), Buffer.from([0xc4, 0xe3]));
    await expect(textArgument(`@${join(folder, "gbk.md")}`, "-p")).rejects.toThrow("not UTF-8");
    await expect(textArgument("@/does/not/exist", "-p")).rejects.toThrow("-p @/does/not/exist: cannot read");
  });
});
