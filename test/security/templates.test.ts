import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../src/call/json.ts";
import { InputError } from "../../src/run/source/input-error.ts";
import { compileTemplate } from "../../src/run/source/template.ts";
import { sources } from "./regex-literals.ts";

/** 100,000 before a release. */
const runs = Number(process.env["SLUICE_FUZZ_RUNS"] ?? 5000);

const missing = (name: string): never => {
  throw new InputError(`no column ${name}`);
};

const rendered = (template: string, columns: JsonObject): string =>
  compileTemplate(template, "prompt").render(columns, missing);

const tags = [
  "{{",
  "}}",
  "{{a}}",
  "{{ b.c }}",
  "{{a|json}}",
  "{{#if a}}",
  "{{#if b.c}}",
  "{{/if}}",
  "{{#",
  "|",
  "${a}",
  "}",
  "{",
  "text",
  "\n",
  "\u0000",
  "{{constructor}}",
  "{{__proto__.x}}",
  "{{a.length}}",
  "{{#if __proto__}}",
  "{{|json}}",
];

const templates = fc
  .array(fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...tags) }, fc.string({ maxLength: 6 })), { maxLength: 30 })
  .map((parts) => parts.join(""));

const rows = fc.record({
  a: fc.oneof(
    fc.constantFrom("{{a}}", "${process.env.HOME}", "{{#if a}}x{{/if}}", "<%= 1 %>", ""),
    fc.string({ maxLength: 20 }),
  ),
  b: fc.record({ c: fc.jsonValue({ maxDepth: 2 }) }),
});

/** Undoes nothing: what a template can make of a row at most, each tag having put in its longest value. */
const bound = (template: string, row: object): number =>
  template.length + template.split("{{").length * (JSON.stringify(row).length * 2 + 10);

describe("a template", () => {
  it("gives a text of bounded size, or says what is wrong with it, whatever it is", () => {
    fc.assert(
      fc.property(templates, rows, (template, row) => {
        try {
          expect(rendered(template, row as JsonObject).length).toBeLessThanOrEqual(bound(template, row));
        } catch (error) {
          if (!(error instanceof InputError)) throw error;
        }
      }),
      { numRuns: runs },
    );
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
