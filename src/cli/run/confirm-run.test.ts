import { describe, expect, it } from "vitest";
import type { RunEstimate } from "../../run/estimate/run-estimate.ts";
import { styleOf } from "../display/style.ts";
import { askingFlags } from "./asking-flags.ts";
import { confirmRun } from "./confirm-run.ts";
import type { RunFlags } from "./run-flags.ts";

const estimate = (more: Partial<RunEstimate>): RunEstimate => ({
  rows: 50_000,
  done: 0,
  permanentlyFailed: 0,
  toSend: 50_000,
  inputTokens: 15_000_000,
  outputTokens: { low: 1_000_000, high: 1_200_000 },
  outputFrom: "assumption",
  outputPerRow: { low: 50, high: 500 },
  answers: 0,
  costs: [{ low: 5.2, high: 8.9, currency: "USD" }],
  unpricedRows: 0,
  unboundedRows: 0,
  spentBefore: [],
  time: { ms: 6_120_000, boundBy: "requestsPerMinute", limit: 500 },
  ...more,
});

const asked = async (
  more: Partial<RunEstimate>,
  flags: RunFlags = {},
  terminal = true,
  columns = 100,
): Promise<readonly string[]> => {
  const said: string[] = [];
  const ask = async (question: string): Promise<boolean> => said.push(question) > 0;
  const confirm = confirmRun({
    asking: askingFlags(flags),
    limits: () => [{ name: "requestsPerMinute", value: 500, source: "configured", used: 0 }],
    style: () => styleOf({ columns, colour: false, ascii: false, chinese: false }),
    say: (text) => void said.push(text),
    ...(terminal ? { ask } : {}),
  });
  return (await confirm(estimate(more))) ? said : [];
};

const dear = { costs: [{ low: 5, high: 30, currency: "USD" }] } as const;
const unknown = { costs: [], unpricedRows: 9 } as const;

describe("what stands before a run", () => {
  it("is one line that says what the run will take", async () => {
    expect(await asked({})).toEqual(["50,000 rows · ~16.1M tokens · $5.20–$8.90 · about 1h 42m (bound by 500 rpm)"]);
  });

  it("goes on below where the terminal is too narrow for it, without a line that the terminal would break", async () => {
    expect(await asked({}, {}, true, 62)).toEqual([
      "50,000 rows · ~16.1M tokens · $5.20–$8.90\n  about 1h 42m (bound by 500 rpm)",
    ]);
  });

  it("is a question at a terminal when the run is dear, unless that is agreed to", async () => {
    expect((await asked(dear)).at(-1)).toBe("Go on? [y/N] ");
    for (const flags of [{ yes: true }, { maxCost: "25" }, { confirmAbove: "50" }]) {
      expect(await asked(dear, flags)).toHaveLength(1);
    }
    expect(await asked({ costs: [{ low: 5, high: 100, currency: "CNY" }] })).toHaveLength(1);
  });

  it("is a question when a vendor's price is unknown, but not about a server of the user's", async () => {
    expect(await asked({ ...unknown, unpriced: "model-not-listed" })).toHaveLength(2);
    for (const unpriced of ["elsewhere", "self-hosted"]) expect(await asked({ ...unknown, unpriced })).toHaveLength(1);
  });

  it("is never a question without a terminal: a dear run needs to be agreed to", async () => {
    await expect(asked(dear, {}, false)).rejects.toThrow("the run may cost $30.00, more than $20.00");
    expect(await asked(dear, { yes: true }, false)).toHaveLength(1);
    expect(await asked({ ...unknown, unpriced: "model-not-listed" }, {}, false)).toHaveLength(1);
  });
});
