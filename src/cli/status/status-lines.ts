import type { RunStatus } from "../../run/status/run-status.ts";
import { grouped } from "../display/amount-text.ts";
import { fieldLines, type Line, type Paint, padColumns, printLine, span } from "../display/line.ts";
import { costText } from "../display/money-text.ts";
import { printableLine } from "../display/printable.ts";
import type { RunLookWords } from "../display/run-look-words.ts";
import type { Style } from "../display/style.ts";
import { roughText } from "../display/time-text.ts";
import { commandLines, type NextCommand } from "../display/summary-parts.ts";
import { shellCommand } from "../run/shell-command.ts";
import type { SeenRun } from "./seen-run.ts";

/** How runs are shown. */
export interface StatusFacts {
  readonly style: Style;
  readonly words: RunLookWords;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** The working directory. */
  readonly folder: string;
  /** A path as it is shown. */
  readonly shown: (path: string) => string;
}

/** All about one run, and how to go on. */
export const runLines = (run: SeenRun, facts: StatusFacts): readonly string[] => {
  const { style } = facts;
  const lines = [
    headLine(run, facts),
    ...countLines(run, style),
    ...(run.status === undefined ? [] : figureLines(run, run.status, facts)),
  ];
  const next = commandLines(nextCommands(run, facts), style);
  return [
    ...lines.map((line) => printLine(line, style)),
    ...(next.length === 0 ? [] : ["", ...next.map((line) => printLine(line, { ...style, width: Infinity }))]),
  ];
};

const headLine = (run: SeenRun, { words, style, shown }: StatusFacts): Line => {
  const { status } = run;
  const [text, paint] = stateText(run, words);
  const eta = run.state === "running" ? status?.eta_ms : undefined;
  return [
    span(printableLine(shown(run.paths.output)), "bold"),
    span("   "),
    span(text, paint),
    ...(status === undefined || run.state === "reading" ? [] : [span(`   ${percentOf(status)}`)]),
    ...(eta === undefined ? [] : [span(`   ${style.words.eta(roughText(eta, style.words))}`)]),
  ];
};

/** What a run does, or how it ended. */
export const stateText = ({ state, status }: SeenRun, words: RunLookWords): readonly [string, Paint] => {
  if (state === "ended" && status !== undefined) {
    const { outcome = "error", exit_code: code = 0 } = status;
    const text = words.outcomes[outcome] ?? printableLine(outcome);
    return code === 0 ? [text, "green"] : [words.endedWith(text, String(code)), code === 3 ? "yellow" : "red"];
  }
  if (state === "running" && (status?.phase === "draining" || status?.phase === "aborting")) {
    return [words.states[status.phase], "yellow"];
  }
  return [words.states[state === "ended" ? "unknown" : state], stateColours[state]];
};

const stateColours: Readonly<Record<SeenRun["state"], Paint>> = {
  reading: "cyan",
  running: "green",
  ended: "dim",
  killed: "red",
  unknown: "dim",
};

const percentOf = ({ rows, remaining }: RunStatus): string =>
  `${rows === 0 ? 100 : Math.floor((100 * (rows - remaining)) / rows)}%`;

const figureLines = (run: SeenRun, status: RunStatus, { words, style, now }: StatusFacts): readonly Line[] => {
  const usual = style.words;
  const ago = (at: string): string => words.ago(roughText(Math.max(0, now - Date.parse(at)), usual));
  const cost = costText({ costs: status.costs, unpricedCalls: status.unpriced_calls }, usual);
  const isSending = status.exit_code === undefined;
  const rows: readonly (readonly [string, readonly Line[]])[] = [
    [usual.label.rows, rowFields(status, style)],
    [usual.label.rate, rateFields(run, status, style)],
    [usual.label.cost, cost === undefined ? [] : [[span(cost)]]],
    [words.paid, paidTwice(status, style)],
    [words.model, [[span(printableLine(status.model))]]],
    [words.input, [[span(printableLine(status.input))]]],
    [
      words.started,
      [
        [span(timeText(status.started_at))],
        [span(ago(status.started_at), "dim")],
        [span(`${words.updated} ${ago(status.updated_at)}`, "dim")],
      ],
    ],
    [words.process, isSending ? [[span(printableLine(words.processOn(String(status.pid), status.host)))]] : []],
    [words.message, status.message === undefined ? [] : [[span(printableLine(status.message), "red")]]],
  ];
  return rows.flatMap(([name, fields]) =>
    fields.length === 0 ? [] : fieldLines([span(padColumns(`  ${name}`, 12), "dim")], fields, style.width),
  );
};

/** Of a run that was killed, what was in flight is what may be paid for twice. */
const rateFields = ({ state }: SeenRun, status: RunStatus, { words }: Style): readonly Line[] => {
  if (state === "ended") return [];
  const rate = words.requestsPerMinute(grouped(status.requests_per_minute));
  return [...(state === "running" ? [[span(rate)]] : []), [span(words.inFlight(grouped(status.in_flight)))]];
};

const countLines = ({ counts }: SeenRun, { words, width }: Style): readonly Line[] => {
  if (counts === undefined) return [];
  const fields = [[span(words.ok(grouped(counts.succeeded)), "green")], [span(words.failed(grouped(counts.failed)))]];
  return fieldLines([span(padColumns(`  ${words.label.rows}`, 12), "dim")], fields, width);
};

const rowFields = ({ rows, succeeded, failed, resumed, remaining }: RunStatus, { words }: Style): readonly Line[] => [
  [span(grouped(rows))],
  [span(words.ok(grouped(succeeded)), "green")],
  [span(words.failed(grouped(failed)), failed > 0 ? "red" : "dim")],
  ...(remaining > 0 ? [[span(words.summary.left(grouped(remaining)), "yellow")] as const] : []),
  ...(resumed > 0 ? [[span(words.summary.fromEarlierRun(grouped(resumed)), "dim")] as const] : []),
];

const paidTwice = (status: RunStatus, { words }: Style): readonly Line[] => {
  const { possibly_paid_twice: calls = 0, possibly_paid_at_most: costs = [], possibly_paid_unpriced = 0 } = status;
  if (calls === 0) return [];
  const atMost = costs.length === 0 ? undefined : costText({ costs, unpricedCalls: possibly_paid_unpriced }, words);
  return [[span(words.summary.possiblyPaid(grouped(calls), atMost), "yellow")]];
};

/** A time of day as it is read everywhere. */
const timeText = (at: string): string => printableLine(at.replace("T", " ").replace(/\.\d+Z$/u, "Z"));

/** What can be done now. */
const nextCommands = (
  { state, status, paths }: SeenRun,
  { words, style, folder, shown }: StatusFacts,
): NextCommand[] => {
  const output = shown(paths.output);
  if (state === "running" || state === "reading") {
    return [{ command: shellCommand(["sluice", "status", output, "--watch"]), purpose: words.watch }];
  }
  if (status === undefined) return [];
  const { remaining, failed, command, cwd } = status;
  const there = command === undefined || cwd === folder ? command : `${shellCommand(["cd", cwd])} && ${command}`;
  return [
    ...(remaining > 0 && there !== undefined ? [{ command: there, purpose: words.goOn }] : []),
    ...(failed > 0
      ? [
          { command: shellCommand(["sluice", "errors", output]), purpose: style.words.summary.seeFailed },
          ...(remaining === 0 ? [{ command: shellCommand(["sluice", "retry", output]), purpose: words.runAgain }] : []),
        ]
      : []),
  ];
};
