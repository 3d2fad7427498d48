import { basename } from "node:path";
import { compact, grouped } from "./amount-text.ts";
import { bar, meter } from "./bar.ts";
import { boundLine } from "./bound-line.ts";
import type { Glyphs } from "./glyphs.ts";
import { fieldLine, type Line, lineWidth, padColumns, printLine, span } from "./line.ts";
import { oneLine } from "./one-line.ts";
import { percentiles } from "./percentile-fields.ts";
import { printableLine } from "./printable.ts";
import { knownLimit, type Snapshot } from "./snapshot.ts";
import type { Style } from "./style.ts";
import { clockText, roughText, secondsText } from "./time-text.ts";

/** The live display: at most seven lines, none wider than the style allows. */
export const renderBlock = (snapshot: Snapshot, style: Style, maxLines: number): readonly string[] => {
  const lines = snapshot.phase === "reading" ? readingLines(snapshot, style) : runningLines(snapshot, style);
  const fitting = style.columns < narrow || lines.length > maxLines ? [oneLine(snapshot, style)] : lines;
  return fitting.map((line) => printLine(line, style));
};

const narrow = 60;

const readingLines = (snapshot: Snapshot, style: Style): readonly Line[] => [
  title(snapshot, style),
  boundLine(snapshot, style),
];

const runningLines = (snapshot: Snapshot, style: Style): readonly Line[] => [
  title(snapshot, style),
  barLine(snapshot, style),
  rowsLine(snapshot, style),
  rateLine(snapshot, style),
  latencyLine(snapshot, style),
  tokensLine(snapshot, style),
  boundLine(snapshot, style),
];

const title = ({ model, input, output, elapsedMs }: Snapshot, { width, glyphs }: Style): Line => {
  const clock = clockText(elapsedMs);
  const files = printableLine(`${fileName(input)} ${glyphs.arrow} ${fileName(output)}`);
  const left = printLine([span(`${printableLine(model)}   ${files}`)], plainStyle(width - clock.length - 2, glyphs));
  return [span(padColumns(left, width - clock.length), "bold"), span(clock, "dim")];
};

const fileName = (path: string): string => (path === "-" ? "-" : basename(path));

/** For cutting text before it is coloured as a part of a longer line. */
const plainStyle = (width: number, glyphs: Style["glyphs"]): Pick<Style, "width" | "glyphs" | "colours"> => ({
  width,
  glyphs,
  colours: { bold: same, dim: same, green: same, red: same, yellow: same, cyan: same },
});

const same = (text: string): string => text;

const barLine = ({ rows, succeeded, failed, etaMs }: Snapshot, style: Style): Line => {
  const { width, words, glyphs } = style;
  const done = succeeded + failed;
  const percent = rows === 0 ? 100 : Math.floor((100 * done) / rows);
  const eta = etaMs === undefined ? "" : `  ${words.eta(roughText(etaMs, words))}`;
  const tail: Line = [span(`  ${percent}%`, "bold"), span(`  ${grouped(done)}/${grouped(rows)}${eta}`)];
  const columns = Math.max(0, width - lineWidth(tail));
  return [...bar(rows === 0 ? 1 : done / rows, columns, glyphs), ...tail];
};

const rowsLine = ({ succeeded, failed, inFlight, queued, resumed }: Snapshot, { words, width }: Style): Line => {
  const fields: Line[] = [
    [span(words.ok(grouped(succeeded)), "green")],
    [span(words.failed(grouped(failed)), failed > 0 ? "red" : "dim")],
    [span(words.inFlight(grouped(inFlight)))],
    [span(words.queued(grouped(queued)))],
    ...(resumed > 0 ? [[span(words.resumed(grouped(resumed)), "dim")]] : []),
  ];
  return fieldLine(label(words.label.rows), fields, width);
};

const rateLine = (snapshot: Snapshot, { words, width, glyphs }: Style): Line => {
  const { requestsPerMinute, tokensPerMinute } = snapshot;
  const requestLimit = knownLimit(snapshot, "requestsPerMinute")?.value;
  const tokenLimit = knownLimit(snapshot, "tokensPerMinute")?.value;
  const requestShare = (percent: number): string => words.shareOf(percent, grouped(requestLimit ?? 0));
  const fields = [
    [
      span(words.requestsPerMinute(grouped(requestsPerMinute))),
      ...gauge(requestsPerMinute, requestLimit, requestShare, glyphs),
    ],
    [
      span(words.tokensPerMinute(compact(tokensPerMinute, words))),
      ...gauge(tokensPerMinute, tokenLimit, (percent) => `${percent}%`, glyphs),
    ],
  ];
  return fieldLine(label(words.label.rate), fields, width);
};

const gaugeColumns = 8;

const gauge = (rate: number, limit: number | undefined, share: (percent: number) => string, glyphs: Glyphs): Line => {
  if (limit === undefined) return [];
  const text = share(Math.round((100 * rate) / limit));
  return [span(" "), ...meter(rate / limit, gaugeColumns, glyphs), span(` ${text}`, "dim")];
};

const latencyLine = (snapshot: Snapshot, { words, width }: Style): Line => {
  const { latency, firstContent, retries, throttled, throttledAgoMs } = snapshot;
  const ago = throttledAgoMs === undefined ? undefined : roughText(throttledAgoMs, words);
  const first = firstContent.p50;
  const fields: Line[] = [
    [span(percentiles(latency, ["p50", "p95"], words) || "-")],
    ...(first === undefined ? [] : [[span(`${words.firstContent} ${secondsText(first, words)}`)]]),
    [span(words.retried(grouped(retries)), retries > 0 ? "yellow" : "dim")],
    [span(words.throttled(grouped(throttled), ago), throttled > 0 ? "yellow" : "dim")],
  ];
  return fieldLine(label(words.label.latency), fields, width);
};

const tokensLine = ({ usage }: Snapshot, { words, width }: Style): Line =>
  fieldLine(
    label(words.label.tokens),
    [
      [span(words.tokensIn(compact(usage.inputTokens, words)))],
      [span(words.tokensOut(compact(usage.outputTokens, words)))],
    ],
    width,
  );

const labelColumns = 10;

const label = (text: string): Line => [span(padColumns(` ${text}`, labelColumns), "dim")];
