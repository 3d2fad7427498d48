import type { LLMStats } from "../../client/stats.ts";
import type { RunSummary } from "../../run/run-summary.ts";
import { boundSource } from "./limit-text.ts";
import { fieldLines, type Line, padColumns, span } from "./line.ts";
import type { Style } from "./style.ts";
import { durationText, roughText } from "./time-text.ts";

/** What was possible under the limits, and how much of it was achieved; nothing where no limit is known. */
export const achievedLines = (
  { lowerBoundMs, achievedShare, boundBy }: RunSummary,
  { limits }: Pick<LLMStats, "limits">,
  { words, width }: Style,
): readonly Line[] => {
  if (lowerBoundMs === undefined || achievedShare === undefined || boundBy === undefined) return [];
  if (!limits.some(isGiven)) return [];
  const duration = lowerBoundMs < hourMs ? durationText(lowerBoundMs, words) : roughText(lowerBoundMs, words);
  const fields: Line[] = [
    [span(words.summary.atLeast(duration))],
    // What is over before a limit can bind says nothing about how well the limits were used.
    ...(boundBy === "latency" ? [] : [[span(words.summary.achieved(percentOf(achievedShare)))]]),
    [span(words.bound.by(boundSource({ limits }, boundBy, words), ""), "dim")],
  ];
  return fieldLines([span(padColumns(`  ${words.label.bound}`, 12), "dim")], fields, width);
};

/** Rounded down: only what reaches the bound is called all of it. */
const percentOf = (share: number): number => Math.floor(100 * share);

const hourMs = 3_600_000;

/** Concurrency that was found out is a choice: it is no limit of its own. */
const isGiven = ({ name, value, source }: LLMStats["limits"][number]): boolean =>
  value !== undefined && (name !== "maxConcurrent" || source === "configured");
