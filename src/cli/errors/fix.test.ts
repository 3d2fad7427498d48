import { describe, expect, it } from "vitest";
import { errorCodes } from "../../run/records/record-line.ts";
import { fixesOf } from "./fix.ts";

describe("what to do about a cause", () => {
  it("is known of every code, in both languages, with whole commands", () => {
    for (const code of errorCodes()) {
      for (const chinese of [false, true]) {
        const cause = { code, count: 1, retryable: true, models: ["openai/m"], ids: ["it's"] };
        const fixes = fixesOf({ cause, output: "my labels.jsonl", chinese });
        expect(fixes.some(({ kind, command }) => kind === "try" && command !== undefined)).toBe(true);
        for (const { reason = "", command = "sluice " } of fixes) {
          expect(command).toMatch(/^sluice /);
          expect(command).not.toMatch(/[{}]|labels\.jsonl(?!')/);
          if (reason !== "") expect(/\p{Script=Han}/u.test(reason)).toBe(chinese);
        }
      }
    }
  });
});
