import type { Money } from "../../call/money.ts";
import type { CostSnapshot } from "../../observe/cost-totals.ts";
import { grouped } from "./amount-text.ts";
import type { Words } from "./words.ts";

/** An amount with its currency: `$5.33`, `$0.0012`, `¥1,023.10`. Of small amounts, two digits that mean something are shown. */
export const moneyText = ({ amount, currency }: Money): string => {
  const [whole = "0", fraction = ""] = amount.toFixed(decimals(amount)).split(".");
  return `${signs[currency]}${grouped(Number(whole))}.${fraction}`;
};

/** Amounts of several currencies, beside each other: `$1.20 + ¥3.40`. */
export const moneysText = (sums: readonly Money[]): string => sums.map(moneyText).join(" + ");

/** What calls cost together: `$1.20 + ¥3.40`, `$1.20 + 3 calls without a known price`, `unknown`; `undefined` when there were none. */
export const costText = (
  { costs, unpricedCalls }: CostSnapshot,
  words: Pick<Words, "costUnknown" | "unpricedCalls">,
): string | undefined => {
  if (costs.length === 0) return unpricedCalls === 0 ? undefined : words.costUnknown;
  const known = moneysText(costs);
  return unpricedCalls === 0 ? known : `${known} + ${words.unpricedCalls(grouped(unpricedCalls))}`;
};

const signs = { USD: "$", CNY: "¥" } as const;

const decimals = (amount: number): number => {
  if (amount === 0) return 2;
  const exponent = Number(amount.toExponential(1).split("e")[1]);
  return Math.min(mostDecimals, Math.max(2, 1 - exponent));
};

/** A token costs more than that, the cheapest one, too. */
const mostDecimals = 12;
