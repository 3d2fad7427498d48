import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../call/json.ts";
import { compileTemplate } from "./template.ts";

const rendered = (template: string, columns: JsonObject): string =>
  compileTemplate(template, "prompt").render(columns, (name) => {
    throw new Error(`missing ${name}`);
  });

describe("compileTemplate", () => {
  it("puts columns in place, escaping nothing", () => {
    expect(rendered("Sentiment of: {{ text }}!", { text: 'say "hi" & <go>' })).toBe('Sentiment of: say "hi" & <go>!');
  });

  it("writes texts as they are, null as nothing, and all else as JSON", () => {
    const columns = { s: "x", n: 1.5, b: false, z: null, o: { a: [1, "é"] } };
    expect(rendered("{{s}}|{{n}}|{{b}}|{{z}}|{{o}}", columns)).toBe('x|1.5|false||{"a":[1,"é"]}');
    expect(rendered("{{s|json}} {{ z | json }}", columns)).toBe('"x" null');
  });

  it("reaches into objects and lists, and prefers a column whose name has the dot", () => {
    expect(rendered("{{a.b}} {{list.1}}", { a: { b: "deep" }, list: ["x", "y"] })).toBe("deep y");
    expect(rendered("{{a.b}}", { "a.b": "flat", a: { b: "deep" } })).toBe("flat");
    expect(rendered("[{{a.b}}]", { a: null })).toBe("[]");
  });

  it("keeps a part for rows where its column holds something", () => {
    const template = "A{{#if x}}[{{x}}{{#if y}}+{{y}}{{/if}}]{{/if}}Z";
    expect(rendered(template, { x: "1", y: "2" })).toBe("A[1+2]Z");
    expect(rendered(template, { x: "1" })).toBe("A[1]Z");
    for (const x of ["", null, false, 0, []]) expect(rendered(template, { x })).toBe("AZ");
    expect(rendered(template, {})).toBe("AZ");
  });

  it("knows which condition no row has answered", () => {
    const template = compileTemplate("{{#if hint}}{{hint}}{{/if}}", "prompt");
    const fail = (): never => {
      throw new Error("missing");
    };
    template.render({ other: 1 }, fail);
    expect(template.neverSeen()).toBe("hint");
    template.render({ hint: "" }, fail);
    expect(template.neverSeen()).toBeUndefined();
  });

  it("takes inherited names for missing, and own ones for ordinary", () => {
    for (const name of ["constructor", "__proto__", "toString", "a.constructor", "list.length"]) {
      expect(() => rendered(`{{${name}}}`, { a: {}, list: [] })).toThrow(`missing ${name}`);
    }
    const columns = JSON.parse('{"__proto__":"own"}') as JsonObject;
    expect(rendered("{{__proto__}}", columns)).toBe("own");
  });

  it("does not read a value as a template", () => {
    expect(rendered("{{a}}", { a: "{{b}} $& $1" })).toBe("{{b}} $& $1");
  });

  it("leaves single braces alone", () => {
    expect(rendered('{"x": {"y": 1}} {{a}}', { a: 1 })).toBe('{"x": {"y": 1}} 1');
  });

  it.each([
    ["{{#if a}}x", "not closed by {{/if}}"],
    ["x{{/if}}", "closes nothing"],
    ["{{a|upper}}", "unknown filter"],
    ["{{}}", "names no column"],
    ["{{#each a}}", "names no column"],
    ["x {{a", "not closed by }}"],
  ])("refuses %j", (template, words) => {
    expect(() => compileTemplate(template, "prompt")).toThrow(words);
  });
});
