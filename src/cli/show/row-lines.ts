import { isJsonObject, type JsonObject, type JsonValue } from "../../call/json.ts";
import { grouped } from "../display/amount-text.ts";
import { fieldLines, type Line, padColumns, printLine, span } from "../display/line.ts";
import { moneyText } from "../display/money-text.ts";
import { printableLine } from "../display/printable.ts";
import { printableText } from "../display/printable-stream.ts";
import type { RunLookWords } from "../display/run-look-words.ts";
import type { Style } from "../display/style.ts";
import { secondsText } from "../display/time-text.ts";
import { requestTurns } from "./request-turns.ts";
import type { RowRecord } from "./row-record.ts";

/** What is shown of a row. */
export interface RowFacts {
  readonly id: string;
  /** The file that the record stands in. */
  readonly file: string;
  /** Absent when the row has no outcome. */
  readonly record?: RowRecord;
  /** What it asks, or why that is not known. */
  readonly request: { readonly body: JsonObject } | { readonly missing: string };
  /** Where a row without an outcome is. */
  readonly whereabouts?: string;
}

/** A row for people: what became of it, what it asked and what was answered. Texts are not cut. */
export const rowLines = (facts: RowFacts, style: Style, words: RunLookWords): readonly string[] => {
  const { record, request } = facts;
  const head = [headLine(facts, words), ...(record === undefined ? [] : metaLines(record, style, words))];
  const asked = "body" in request ? requestBlocks(request.body) : [["", printableLine(request.missing)] as const];
  return [
    ...head.map((line) => printLine(line, style)),
    ...asked.flatMap(([role, text]) => textBlock(role, text, style)),
    ...(record === undefined
      ? []
      : outcomeBlocks(record, words).flatMap(([role, text]) => textBlock(role, text, style))),
  ];
};

type Block = readonly [heading: string, text: string];

const headLine = ({ id, file, record, whereabouts }: RowFacts, words: RunLookWords): Line => [
  span(printableLine(id), "bold"),
  span("   "),
  ...(record === undefined
    ? [span(whereabouts === undefined ? words.notDone : `${words.notDone}: ${whereabouts}`, "yellow")]
    : record.ok
      ? [span(words.answered, "green")]
      : [span(words.failedWith(failureOf(record)), "red")]),
  span(`   ${printableLine(file)}`, "dim"),
];

const failureOf = ({ code, status }: RowRecord): string =>
  printableLine([code ?? "?", ...(status === undefined ? [] : [`HTTP ${status}`])].join("  "));

const requestBlocks = (body: JsonObject): readonly Block[] => {
  const turns = requestTurns(body);
  if (turns.length === 0) return [["request", JSON.stringify(body, null, 2)]];
  return turns.map(({ role, text }): Block => [role, text]);
};

const outcomeBlocks = ({ ok, answer, message, partial }: RowRecord, words: RunLookWords): readonly Block[] => [
  ...(ok ? [[words.answer, answer === undefined || answer === "" ? words.noText : answer] as const] : []),
  ...(message === undefined ? [] : [[words.message, message] as const]),
  ...(partial === undefined ? [] : [[words.partial, partial] as const]),
];

const textBlock = (heading: string, text: string, style: Style): readonly string[] => [
  "",
  ...(heading === "" ? [] : [printLine([span(printableLine(heading), "cyan")], style)]),
  ...printableText(text)
    .split("\n")
    .map((line) => `  ${line}`),
];

const metaLines = ({ meta }: RowRecord, style: Style, words: RunLookWords): readonly Line[] => {
  const usual = style.words;
  const rows: readonly (readonly [string, readonly (string | undefined)[]])[] = [
    [words.model, [textOf(meta["model"]), labelled(words.key, meta["key"])]],
    [usual.label.calls, attemptFields(meta, style, words)],
    [words.time, timeFields(meta, style, words)],
    [usual.label.tokens, tokenFields(meta, style)],
    [usual.label.cost, [costOf(meta)]],
    [words.paid, [paidOf(meta, words)]],
  ];
  return rows.flatMap(([name, values]) => {
    const fields = values.filter((value) => value !== undefined).map((value): Line => [span(printableLine(value))]);
    return fields.length === 0
      ? []
      : fieldLines([span(padColumns(`  ${name}`, labelColumns), "dim")], fields, style.width);
  });
};

const labelColumns = 12;

const textOf = (value: JsonValue | undefined): string | undefined => (typeof value === "string" ? value : undefined);

const labelled = (name: string, value: JsonValue | undefined): string | undefined =>
  typeof value === "string" ? `${name} ${value}` : undefined;

const attemptFields = (
  meta: JsonObject,
  { words: usual }: Style,
  words: RunLookWords,
): readonly (string | undefined)[] => {
  const { attempts, retries } = meta;
  const waits = Array.isArray(retries) ? retries.filter(isJsonObject) : [];
  return [
    typeof attempts === "number" ? words.attempts(grouped(attempts), grouped(attempts)) : undefined,
    ...waits.map(({ code, status, waited_ms: waitedMs }) => {
      const about = [textOf(code), ...(typeof status === "number" ? [String(status)] : [])].join(" ");
      return typeof waitedMs === "number" && waitedMs > 0
        ? `${about}, ${words.waited} ${secondsText(waitedMs, usual)}`
        : about;
    }),
  ];
};

const timeFields = (
  meta: JsonObject,
  { words: usual }: Style,
  words: RunLookWords,
): readonly (string | undefined)[] => {
  const duration = (name: string): string | undefined => {
    const value = meta[name];
    return typeof value === "number" ? secondsText(value, usual) : undefined;
  };
  const [queued, first, took] = ["queued_ms", "ttft_ms", "latency_ms"].map(duration);
  const finished = textOf(meta["finished_at"]);
  return [
    queued === undefined ? undefined : words.queued(queued),
    first === undefined ? undefined : `${usual.firstContent} ${first}`,
    took === undefined ? undefined : words.answerTook(took),
    finished === undefined ? undefined : words.finishedAt(finished),
  ];
};

const tokenFields = ({ tokens }: JsonObject, { words }: Style): readonly (string | undefined)[] => {
  if (!isJsonObject(tokens)) return [];
  const { input, output, cached } = tokens;
  return [
    typeof input === "number" ? words.tokensIn(grouped(input)) : undefined,
    typeof output === "number" ? words.tokensOut(grouped(output)) : undefined,
    typeof cached === "number" && cached > 0 ? words.tokensCached(grouped(cached)) : undefined,
  ];
};

const costOf = ({ cost }: JsonObject): string | undefined => {
  if (!isJsonObject(cost)) return undefined;
  const { amount, currency } = cost;
  return typeof amount === "number" && (currency === "USD" || currency === "CNY")
    ? moneyText({ amount, currency })
    : undefined;
};

const paidOf = ({ possibly_paid: attempts }: JsonObject, words: RunLookWords): string | undefined =>
  typeof attempts === "number" && attempts > 0 ? words.possiblyPaid(grouped(attempts)) : undefined;
