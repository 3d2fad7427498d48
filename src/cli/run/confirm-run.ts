import { createInterface } from "node:readline/promises";
import type { Money } from "../../call/money.ts";
import type { LimitStats } from "../../limit/limit-stats.ts";
import type { CostRange, RunEstimate } from "../../run/estimate/run-estimate.ts";
import { moneyText } from "../display/money-text.ts";
import type { Style } from "../display/style.ts";
import { estimateLine } from "../estimate/estimate-line.ts";
import type { Host } from "../host.ts";
import { UsageError } from "../usage-error.ts";
import type { Asking } from "./asking-flags.ts";

/** What is needed to tell the user what a run will take, and to ask where that is much. */
export interface ConfirmParts {
  readonly asking: Asking;
  readonly limits: () => readonly LimitStats[];
  readonly style: () => Style;
  readonly say: (text: string) => void;
  /** Asks a question, where there is a terminal to ask at. */
  readonly ask?: (question: string) => Promise<boolean>;
}

/** Says what a run will take, and whether it may begin. @throws UsageError when that must be agreed to, and nobody can be asked */
export const confirmRun =
  ({ asking, limits, style, say, ask }: ConfirmParts) =>
  async (estimate: RunEstimate): Promise<boolean> => {
    if (estimate.toSend === 0) return true;
    say(estimateLine(estimate, limits(), style()));
    const dear = estimate.costs.find((cost) => isAbove(cost, asking.above));
    if (asking.agreed || (dear === undefined && !(ask !== undefined && isUnknownBill(estimate)))) return true;
    if (ask !== undefined) return ask(style().words.estimate.question);
    throw new UsageError(
      `the run may cost ${moneyText({ amount: dear?.high ?? 0, currency: dear?.currency ?? "USD" })}, more than ${moneyText(asking.above)}  (nothing was sent)`,
      [
        "fix        --yes agrees, --max-cost $50 keeps it below an amount",
        "or         --confirm-above $100 raises what needs to be agreed to",
      ],
    );
  };

/** Vendors send bills; a server of the user's, or one that the prices do not know, is not asked about. */
const isUnknownBill = ({ unpricedRows, unpriced }: RunEstimate): boolean =>
  unpricedRows > 0 && unpriced !== "elsewhere" && unpriced !== "self-hosted" && unpriced !== "not-sendable";

/** Roughly: whether to ask does not hang on the day's rate. */
const yuanPerDollar = 7;

const isAbove = ({ high, currency }: CostRange, above: Money): boolean =>
  inYuan({ amount: high, currency }) > inYuan(above);

const inYuan = ({ amount, currency }: Money): number => (currency === "USD" ? amount * yuanPerDollar : amount);

/** Asks at the terminal; whatever is not a yes is a no, and so is the end of waiting. */
export const askAt =
  ({ stdin, stderr }: Pick<Host, "stdin" | "stderr">, signal: AbortSignal) =>
  async (question: string): Promise<boolean> => {
    // Without the line editor, ^C stays a signal.
    const lines = createInterface({ input: stdin, output: stderr, terminal: false });
    try {
      const ended = new Promise<string>((resolve) => lines.once("close", () => resolve("")));
      const answer = await Promise.race([lines.question(question, { signal }), ended]);
      return /^\s*(?:y|yes|是|好)\s*$/i.test(answer);
    } catch {
      return false;
    } finally {
      lines.close();
      stdin.pause();
      stdin.unref();
    }
  };
