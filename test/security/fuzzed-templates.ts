import fc from "fast-check";
import { expect } from "vitest";
import type { JsonObject } from "../../src/call/json.ts";
import { InputError } from "../../src/run/source/input-error.ts";
import { compileTemplate } from "../../src/run/source/template.ts";

/** Fills templates of every kind with hostile rows: each gives a text of bounded size, or says what is wrong with it. */
export const fuzzTemplates = (runs: number): void => {
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
};

const missing = (name: string): never => {
  throw new InputError(`no column ${name}`);
};

/** A template filled with columns. */
export const rendered = (template: string, columns: JsonObject): string =>
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
