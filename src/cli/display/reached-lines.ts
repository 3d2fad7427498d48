import type { RunSummary } from "../../run/run-summary.ts";
import { grouped } from "./amount-text.ts";
import { type Line, span } from "./line.ts";
import { moneyText } from "./money-text.ts";
import type { Style } from "./style.ts";

/** Why a bound of the user's ended the run; nothing where the flag says all. */
export const reachedLines = ({ outcome, bound }: RunSummary, { words: { summary: say } }: Style): readonly Line[] => {
  if (outcome !== "bounded" || bound === undefined || bound.kind === "max-duration") return [];
  const text =
    bound.kind === "max-cost"
      ? say.costReached(moneyText(bound.next), moneyText(bound.spent), moneyText(bound.most))
      : say.haltReached(grouped(bound.failed), grouped(bound.finished));
  return [[span(`  ${text}`, "yellow")]];
};
