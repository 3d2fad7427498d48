import { describe, expect, it } from "vitest";
import { HaltCount } from "./halt-count.ts";
import type { HaltRule } from "./halt-rule.ts";

/** After how many rows the run stops; every `nth` row fails. */
const stopsAfter = (rule: HaltRule, nth: number): number | undefined => {
  const count = new HaltCount(rule);
  for (let row = 1; row <= 1000; row++) if (count.add(row % nth !== 0)) return row;
  return undefined;
};

describe("the rule when failed rows end a run", () => {
  it("counts failed rows", () => {
    expect(stopsAfter({ when: "soon", rows: 3 }, 5)).toBe(15);
    expect(stopsAfter({ when: "now", rows: 1 }, 1)).toBe(1);
  });

  it("judges a share of the finished rows from the twentieth on", () => {
    expect(stopsAfter({ when: "soon", percent: 100 }, 1)).toBe(20);
    expect(stopsAfter({ when: "soon", percent: 20 }, 5)).toBe(20);
    expect(stopsAfter({ when: "soon", percent: 21 }, 5)).toBeUndefined();
  });
});
