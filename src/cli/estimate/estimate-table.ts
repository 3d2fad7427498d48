import type { LimitStats } from "../../limit/limit-stats.ts";
import type { RunEstimate } from "../../run/estimate/run-estimate.ts";
import { compact, grouped } from "../display/amount-text.ts";
import { fieldLines, type Line, padColumns, printLine, span } from "../display/line.ts";
import { moneysText } from "../display/money-text.ts";
import type { Style } from "../display/style.ts";
import { costsText, rangeText, timeText } from "./estimate-texts.ts";

/** What a run will take, for people. */
export const estimateTable = (
  estimate: RunEstimate,
  limits: readonly LimitStats[],
  style: Style,
): readonly string[] => {
  const { words, width } = style;
  const { label } = words.estimate;
  const rows = fieldLines(name(label.rows), rowFields(estimate, style), width);
  if (estimate.toSend === 0) return rows.map((line) => printLine(line, style));
  const time = timeText(estimate, limits, words);
  const lines: readonly Line[] = [
    ...rows,
    ...fieldLines(name(label.input), [[span(words.estimate.tokens(compact(estimate.inputTokens, words)))]], width),
    ...fieldLines(name(label.output), outputFields(estimate, style), width),
    ...fieldLines(name(label.cost), costFields(estimate, style), width),
    ...(time === undefined ? [] : fieldLines(name(label.time), [[span(time)]], width)),
  ];
  return lines.map((line) => printLine(line, style));
};

const rowFields = ({ rows, done, permanentlyFailed, toSend }: RunEstimate, { words }: Style): readonly Line[] => {
  const { estimate: say } = words;
  return [
    [span(grouped(rows))],
    ...(done > 0 ? [[span(say.done(grouped(done)), "green")]] : []),
    ...(permanentlyFailed > 0 ? [[span(say.left(grouped(permanentlyFailed)), "red")]] : []),
    [span(toSend === 0 ? say.nothingToSend : say.toSend(grouped(toSend)))],
  ] as const;
};

const outputFields = (
  { outputTokens, outputFrom, outputPerRow, answers }: RunEstimate,
  { words }: Style,
): readonly Line[] => {
  const { estimate: say } = words;
  const from = {
    "earlier-answers": say.learned(grouped(answers)),
    bound: say.bounded,
    assumption: say.assumed(rangeText(outputPerRow, words)),
  }[outputFrom];
  return [[span(say.tokens(rangeText(outputTokens, words)))], [span(from, "dim")]];
};

const costFields = (estimate: RunEstimate, { words }: Style): readonly Line[] => {
  const { estimate: say } = words;
  const { costs, unpricedRows, unpriced, atMost, unbounded, spentBefore } = estimate;
  const reason = say.unpriced[unpriced ?? ""];
  const unknown = say.priceUnknown + (reason === undefined ? "" : words.bound.detail([reason]));
  return [
    ...(costs.length === 0 ? [[span(unknown, "yellow")]] : [[span(costsText(costs))]]),
    ...(costs.length === 0 || unpricedRows === 0 ? [] : [[span(say.unpricedRows(grouped(unpricedRows)), "yellow")]]),
    ...(atMost === undefined ? [] : [[span(say.atMost(moneysText(atMost)), "dim")]]),
    ...(unbounded === undefined ? [] : [[span(say.noMost(unbounded), "dim")]]),
    ...(spentBefore.length === 0 ? [] : [[span(say.spentBefore(moneysText(spentBefore)), "dim")]]),
  ] as const;
};

const name = (text: string): Line => [span(padColumns(`  ${text}`, 12), "dim")];
