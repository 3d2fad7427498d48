import { basename } from "node:path";
import type { LLMStats } from "../../client/stats.ts";
import type { RunSummary } from "../../run/run-summary.ts";
import { achievedLines } from "./achieved-lines.ts";
import { compact, grouped } from "./amount-text.ts";
import { fieldLines, type Line, padColumns, printLine, span } from "./line.ts";
import { costText, moneysText } from "./money-text.ts";
import { percentiles } from "./percentile-fields.ts";
import { printableLine } from "./printable.ts";
import { knownLimit } from "./snapshot.ts";
import type { Style } from "./style.ts";
import { reachedLines } from "./reached-lines.ts";
import { sentCounts } from "./sent-counts.ts";
import { failureLines, fileLines, nextLines, paidTwiceLines } from "./summary-parts.ts";
import { durationText, secondsText } from "./time-text.ts";

/** All that the summary is made of. */
export interface SummaryFacts {
  readonly summary: RunSummary;
  readonly stats: LLMStats;
  /** The time in which requests were sent. */
  readonly sendingMs: number;
  /** What the summary calls the run. */
  readonly name: string;
  readonly keyMask?: string;
  readonly keySource?: string;
  /** The command that goes on with this run; absent when nothing can. */
  readonly command?: string;
}

/** What became of a run, for people: printed at the end, however it ended. */
export const renderSummary = (facts: SummaryFacts, style: Style): readonly string[] => {
  const { summary } = facts;
  const blocks: readonly (readonly Line[])[] = [
    [headline(facts, style), ...stopLines(facts, style), ...reachedLines(summary, style)],
    summary.rows === 0 ? [] : figureLines(facts, style),
    failureLines(summary, style),
    stoppedAtInput(summary) ? [] : fileLines(summary, style),
  ];
  const lines = blocks
    .filter((block) => block.length > 0)
    .flatMap((block, index) => (index === 0 ? block : [[], ...block]));
  return [...lines.map((line) => printLine(line, style)), ...whatNext(facts, style)];
};

/** A command is there to be copied, so the terminal may wrap it, but nothing is cut off. */
const whatNext = (facts: SummaryFacts, style: Style): readonly string[] => {
  const lines = nextLines(facts, style);
  return lines.length === 0 ? [] : ["", ...lines.map((line) => printLine(line, { ...style, width: Infinity }))];
};

/** Nothing is known of the rows then, nor of what the output holds already. */
const stoppedAtInput = ({ outcome, rows }: RunSummary): boolean =>
  rows === 0 && (outcome === "drained" || outcome === "aborted");

const headline = ({ summary, name: given }: SummaryFacts, { words, glyphs }: Style): Line => {
  const name = printableLine(basename(given));
  const { outcome, rows, succeeded, failed, resumed, remaining, elapsedMs } = summary;
  const duration = durationText(elapsedMs, words);
  const say = words.summary;
  if (summary.readerLeft) return [span(glyphs.stopped, "yellow"), span(` ${say.readerLeft(name)}`)];
  switch (outcome) {
    case "complete":
    case "failed-rows": {
      const text =
        rows === 0 ? say.empty(name) : resumed === rows ? say.nothingToDo(name) : say.finished(name, duration);
      return failed === 0
        ? [span(glyphs.success, "green"), span(` ${text}`, "bold")]
        : [span(glyphs.failure, "red"), span(` ${text}`, "bold")];
    }
    case "stopped-early": {
      const text = say.stoppedEarly(name, grouped(succeeded + failed), grouped(rows));
      return [span(glyphs.failure, "red"), span(` ${text}`, "bold")];
    }
    case "bounded": {
      const flag = `--${summary.bound?.kind ?? ""}`;
      return [
        span(glyphs.stopped, "yellow"),
        span(` ${say.bounded(name, flag, duration, grouped(remaining))}`, "bold"),
      ];
    }
    case "drained":
    case "aborted": {
      const text = stoppedAtInput(summary) ? say.stoppedAtInput(name) : say.drained(name, duration, grouped(remaining));
      return [span(glyphs.stopped, "yellow"), span(` ${text}`, "bold")];
    }
  }
};

const stopLines = ({ summary: { stop }, keyMask, keySource }: SummaryFacts, { words }: Style): readonly Line[] => {
  if (stop === undefined) return [];
  const about = stop.status === undefined ? stop.code : `${stop.code} ${stop.status}`;
  const lines: Line[] = [[span(`  ${about}  `, "red"), span(printableLine(stop.message))]];
  const concernsKey = stop.code === "auth" || stop.code === "quota_exhausted";
  if (!concernsKey || keyMask === undefined) return lines;
  return [...lines, [span(`  ${words.summary.key(keyMask, keySource ?? "-")}`, "dim")]];
};

const figureLines = (facts: SummaryFacts, style: Style): readonly Line[] => {
  const sent = facts.stats.attempts > 0;
  return [
    ...rowsLines(facts, style),
    ...(sent
      ? [tokensLines, costLines, speedLines, boundLines, latencyLines, callsLines].flatMap((lines) =>
          lines(facts, style),
        )
      : []),
    ...paidTwiceLines(facts.summary, style),
  ];
};

const rowsLines = ({ summary }: SummaryFacts, { words, width }: Style): readonly Line[] => {
  const { rows, succeeded, failed, resumed, remaining, finishes } = summary;
  const say = words.summary;
  const declined = finishes.contentFilter + finishes.refusal;
  const fields: Line[] = [
    [span(grouped(rows))],
    [span(words.ok(grouped(succeeded)), "green")],
    [span(words.failed(grouped(failed)), failed > 0 ? "red" : "dim")],
    ...(remaining > 0 ? [[span(say.left(grouped(remaining)), "yellow")]] : []),
    ...(resumed > 0 ? [[span(say.fromEarlierRun(grouped(resumed)), "dim")]] : []),
    ...(finishes.length > 0 ? [[span(say.cutShort(grouped(finishes.length)), "yellow")]] : []),
    ...(declined > 0 ? [[span(say.declined(grouped(declined)), "yellow")]] : []),
  ];
  return fieldLines(label(words.label.rows), fields, width);
};

const tokensLines = ({ summary: { usage }, stats }: SummaryFacts, { words, width }: Style): readonly Line[] => {
  const perRow = (usage.inputTokens + usage.outputTokens) / Math.max(1, stats.succeeded);
  const fields: Line[] = [
    [span(words.tokensIn(compact(usage.inputTokens, words)))],
    [span(words.tokensOut(compact(usage.outputTokens, words)))],
    ...(usage.cachedTokens > 0 ? [[span(words.tokensCached(compact(usage.cachedTokens, words)))]] : []),
    [span(words.tokensPerRow(grouped(perRow)), "dim")],
  ];
  return fieldLines(label(words.label.tokens), fields, width);
};

/** What this run has cost, and a thousand rows of it. */
const costLines = ({ summary, stats }: SummaryFacts, { words, width }: Style): readonly Line[] => {
  const text = costText(summary, words);
  if (text === undefined) return [];
  const priced = Math.max(1, stats.succeeded - summary.unpricedCalls);
  const perThousand = summary.costs.map(({ amount, currency }) => ({ amount: (1000 * amount) / priced, currency }));
  const fields: Line[] = [
    [span(text)],
    ...(perThousand.length === 0 ? [] : [[span(words.summary.perThousandRows(moneysText(perThousand)), "dim")]]),
  ];
  return fieldLines(label(words.label.cost), fields, width);
};

const speedLines = ({ stats, sendingMs }: SummaryFacts, { words, width }: Style): readonly Line[] => {
  const average = (stats.attempts * 60_000) / Math.max(1, sendingMs);
  const known = knownLimit(stats, "requestsPerMinute");
  const limit = known?.value;
  const rate = words.requestsPerMinute(
    grouped(limit === undefined ? average : Math.min(average, Math.max(limit, stats.requestsPerMinute))),
  );
  const share = limit === undefined ? undefined : Math.min(100, Math.round((100 * average) / limit));
  const fields: Line[] = [
    [span(words.summary.average(rate))],
    ...(share === undefined || known === undefined
      ? []
      : [[span(words.summary.shareOfLimit(share, words.requestsPerMinute(grouped(known.value)), known.source))]]),
  ];
  return fieldLines(label(words.label.speed), fields, width);
};

const boundLines = ({ summary, stats }: SummaryFacts, style: Style): readonly Line[] =>
  achievedLines(summary, stats, style);

const latencyLines = ({ stats: { latency, firstContent } }: SummaryFacts, { words, width }: Style): readonly Line[] => {
  const first = firstContent.p50;
  const fields: Line[] = [
    [span(percentiles(latency, ["p50", "p95", "p99"], words) || "-")],
    ...(first === undefined ? [] : [[span(`${words.firstContent} p50 ${secondsText(first, words)}`)]]),
  ];
  return fieldLines(label(words.label.latency), fields, width);
};

/** A call may take several attempts, and each of them may be charged for. */
const callsLines = ({ stats }: SummaryFacts, { words, glyphs, width }: Style): readonly Line[] => {
  const fields: Line[] = [
    [span(grouped(sentCounts(stats).calls))],
    [span(words.summary.attempts(grouped(stats.attempts)))],
    [span(words.summary.retries(grouped(stats.retries)))],
    [span(`${grouped(stats.throttled)} ${glyphs.times} 429`)],
  ];
  return fieldLines(label(words.label.calls), fields, width);
};

const label = (text: string): Line => [span(padColumns(`  ${text}`, 12), "dim")];
