import type { LimitStats } from "../../limit/limit-stats.ts";
import type { RunEstimate } from "../../run/estimate/run-estimate.ts";
import { compact, grouped } from "../display/amount-text.ts";
import type { Style } from "../display/style.ts";
import { costsText, timeText } from "./estimate-texts.ts";

/** What a run will take, on one line: `50,000 rows · ~16.1M tokens · $5.20–$8.90 · about 1h 42m (bound by 500 rpm)`. */
export const estimateLine = (
  estimate: RunEstimate,
  limits: readonly LimitStats[],
  { words, glyphs }: Pick<Style, "words" | "glyphs">,
): string => {
  const { toSend, inputTokens, outputTokens, costs, unpricedRows } = estimate;
  const { estimate: say } = words;
  const tokens = inputTokens + (outputTokens.low + outputTokens.high) / 2;
  const cost = [
    ...(costs.length === 0 ? [] : [costsText(costs)]),
    ...(unpricedRows === 0 ? [] : [costs.length === 0 ? say.priceUnknown : say.unpricedRows(grouped(unpricedRows))]),
  ].join(" + ");
  const time = timeText(estimate, limits, words);
  return [say.rows(grouped(toSend)), say.tokens(compact(tokens, words)), cost, time]
    .filter((text) => text !== undefined && text !== "")
    .join(` ${glyphs.dot} `);
};
