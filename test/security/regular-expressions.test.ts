import { describe, expect, it } from "vitest";
import { attacksOn } from "./adversarial-texts.ts";
import { slowness } from "./growth.ts";
import { regexLiterals, sources } from "./regex-literals.ts";

/** As a program would: once from the beginning, or on and on when it is global, though not to the end of many matches. */
const search = (regex: RegExp, text: string): void => {
  regex.lastIndex = 0;
  for (let match = regex.exec(text), turn = 1; match !== null && regex.global && turn < 500; turn++) {
    if (match[0] === "") regex.lastIndex++;
    match = regex.exec(text);
  }
};

/** What searches no text of anybody's, by what it does search. */
const exempt: ReadonlyMap<string, string> = new Map([["\\B(?=(?:\\d{3})+$)", "the digits of one number"]]);

/** A date of two digits and the like, made of parts that stand beside it. */
const composed = ["src/provider/prices/is-about.ts"];

describe("a regular expression of the sources", () => {
  it("takes no more than linear time for 100 KB that were made against it", async () => {
    const literals = await regexLiterals();
    expect(literals.length).toBeGreaterThan(90);
    const slow = literals.flatMap(({ place, regex }) => {
      if (exempt.has(regex.source)) return [];
      const faults = attacksOn(regex).map((attack) => slowness(attack, (text) => search(regex, text)));
      const fault = faults.find((one) => one !== undefined);
      return fault === undefined ? [] : [`${place} ${String(regex)} on ${fault}`];
    });
    expect(slow).toEqual([]);
  });

  it("is written as a literal, so that no data becomes one", async () => {
    const made = (await sources()).filter(({ code }) => /(?<![.\w$])RegExp\s*\(/.test(code)).map(({ path }) => path);
    expect(made).toEqual(composed);
  });

  it("is found out when it is quadratic or exponential", () => {
    const faults = [/\s+$/, /(a+)+$/].map((regex) => {
      const attacks = attacksOn(regex).filter(
        ({ name }) => name.includes("( )*\\u0000") || name.includes("(a)*\\u0000"),
      );
      return attacks.some((attack) => slowness(attack, (text) => search(regex, text)) !== undefined);
    });
    expect(faults).toEqual([true, true]);
  });
});
