import type { Money } from "../../call/money.ts";
import { parseMoney } from "../parse/parse-money.ts";
import type { RunFlags } from "./run-flags.ts";

/** When the user is asked before a run. */
export interface Asking {
  /** Above so much. */
  readonly above: Money;
  /** The user has agreed already: to whatever it costs, or to what it may cost at most. */
  readonly agreed: boolean;
}

const usual: Money = { amount: 20, currency: "USD" };

/** What the flags say about asking. @throws UsageError */
export const askingFlags = ({ confirmAbove, yes, maxCost }: RunFlags): Asking => ({
  above: confirmAbove === undefined ? usual : parseMoney(confirmAbove, "--confirm-above"),
  agreed: yes === true || maxCost !== undefined,
});
