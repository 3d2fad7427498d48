import { describe, expect, it } from "vitest";
import { InputError } from "../../src/run/source/input-error.ts";
import { fuzzTemplates, rendered } from "./fuzzed-templates.ts";
import { sources } from "./regex-literals.ts";

describe("a template", () => {
  it("gives a text of bounded size, or says what is wrong with it, whatever it is", () => {
    fuzzTemplates(5000);
  });

  it("puts data in as it is, and never looks for tags in it", () => {
    const hostile = [
      "{{b}}",
      "{{#if b}}x{{/if}}",
      "${b}",
      "{{/if}}",
      "{{a}}{{a}}",
      "#{b}",
      "<%= b %>",
      "{{{{a}}}}",
      "$&",
      "$1",
      "`b`",
    ];
    for (const text of hostile) {
      expect(rendered("<{{a}}>", { a: text, b: "secret" })).toBe(`<${text}>`);
      expect(rendered("{{#if a}}<{{a|json}}>{{/if}}", { a: text, b: "secret" })).toBe(`<${JSON.stringify(text)}>`);
      expect(rendered("{{x.a}}", { x: { a: text }, b: "secret" })).toBe(text);
    }
  });

  it.each([
    "constructor",
    "__proto__",
    "__proto__.x",
    "toString",
    "a.constructor",
    "a.length",
    "a.__proto__.constructor",
    "list.length",
    "list.map",
    "hasOwnProperty",
  ])("knows no inherited name such as %s", (name) => {
    const columns = { a: "text", list: [1, 2] };
    expect(() => rendered(`{{${name}}}`, columns)).toThrow(InputError);
    expect(rendered(`{{#if ${name}}}yes{{/if}}`, columns)).toBe("");
  });

  it("takes conditions within conditions up to a depth, and refuses more with a clear message", () => {
    const nested = (depth: number): string => `${"{{#if a}}".repeat(depth)}x${"{{/if}}".repeat(depth)}`;
    expect(rendered(nested(100), { a: 1 })).toBe("x");
    expect(() => rendered(nested(101), { a: 1 })).toThrow(/more than 100 others/);
    expect(() => rendered(nested(20_000), { a: 1 })).toThrow(InputError);
  });
});

describe("the sources", () => {
  it("evaluate nothing: no eval, no Function, no module of text; and a module knows no with", async () => {
    const evaluating =
      /(?<![.\w$])(?:eval\s*\(|Function\s*\()|(?<![.\w$])set(?:Timeout|Interval)\s*\(\s*["'`]|node:vm|data:text\/javascript/;
    const files = await sources();
    expect(files.length).toBeGreaterThan(300);
    expect(
      files.filter(({ code, text }) => evaluating.test(code) || /["']node:vm["']/.test(text)).map(({ path }) => path),
    ).toEqual([]);
  });
});
