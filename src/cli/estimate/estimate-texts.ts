import type { LimitStats } from "../../limit/limit-stats.ts";
import type { Money } from "../../call/money.ts";
import type { CostRange, Range, RunEstimate } from "../../run/estimate/run-estimate.ts";
import { compact } from "../display/amount-text.ts";
import { boundSource } from "../display/limit-text.ts";
import { moneyText } from "../display/money-text.ts";
import { roughText } from "../display/time-text.ts";
import type { Words } from "../display/words.ts";

/** Amounts that are only expected: `$5.20–$8.90`, of several currencies beside each other. */
export const costsText = (costs: readonly CostRange[]): string => costs.map(costText).join(" + ");

const costText = ({ low, high, currency }: CostRange): string => {
  const [least, most] = [low, high].map((amount) => moneyText({ amount: rounded(amount), currency } satisfies Money));
  return least === most ? String(most) : `${least}–${most}`;
};

/** A guess has three digits at most. */
const rounded = (amount: number): number => Number(amount.toPrecision(3));

/** Numbers of tokens that are only expected: `1.2M–2M`. */
export const rangeText = ({ low, high }: Range, words: Words): string => {
  const [least, most] = [compact(low, words), compact(high, words)];
  return least === most ? most : `${least}–${most}`;
};

/** How long a run takes, and what it is bound by; nothing when it sends nothing. */
export const timeText = (
  { time }: Pick<RunEstimate, "time">,
  limits: readonly LimitStats[],
  words: Words,
): string | undefined => {
  if (time === undefined) return undefined;
  const { estimate: say } = words;
  return say.about(roughText(time.ms, words)) + say.boundBy(boundSource({ limits }, time.boundBy, words));
};
