import stringWidth from "string-width";
import type { LimitStats } from "../../limit/limit-stats.ts";
import type { RunEstimate } from "../../run/estimate/run-estimate.ts";
import { compact, grouped } from "../display/amount-text.ts";
import type { Style } from "../display/style.ts";
import { costsText, timeText } from "./estimate-texts.ts";

/** What a run will take, on one line where that is wide enough: `50,000 rows · ~16.1M tokens · $5.20–$8.90 · about 1h 42m (bound by 500 rpm)`. */
export const estimateLine = (
  estimate: RunEstimate,
  limits: readonly LimitStats[],
  { words, glyphs, width }: Pick<Style, "words" | "glyphs" | "width">,
): string => {
  const { toSend, inputTokens, outputTokens, costs, unpricedRows } = estimate;
  const { estimate: say } = words;
  const tokens = inputTokens + (outputTokens.low + outputTokens.high) / 2;
  const cost = [
    ...(costs.length === 0 ? [] : [costsText(costs)]),
    ...(unpricedRows === 0 ? [] : [costs.length === 0 ? say.priceUnknown : say.unpricedRows(grouped(unpricedRows))]),
  ].join(" + ");
  const time = timeText(estimate, limits, words);
  const parts = [say.rows(grouped(toSend)), say.tokens(compact(tokens, words)), cost, time ?? ""];
  return joined(
    parts.filter((text) => text !== ""),
    ` ${glyphs.dot} `,
    width,
  );
};

/** Whole parts only go on to the next line. */
const joined = (parts: readonly string[], separator: string, width: number): string => {
  const lines: string[] = [];
  for (const part of parts) {
    const last = lines.at(-1);
    const longer = last === undefined ? part : last + separator + part;
    if (last === undefined || stringWidth(longer) <= width) lines.splice(-1, 1, longer);
    else lines.push(`  ${part}`);
  }
  return lines.join("\n");
};
