import type { ErrorGroup } from "../../run/records/error-groups.ts";
import type { RunSummary } from "../../run/run-summary.ts";
import { grouped } from "./amount-text.ts";
import { type Line, padColumns, padLeft, span } from "./line.ts";
import { printable, printableLine } from "./printable.ts";
import type { Style } from "./style.ts";

/** The failed rows by cause. */
export const failureLines = ({ errors, failed }: RunSummary, { words }: Style): readonly Line[] => {
  if (errors.length === 0) return [];
  const say = words.summary;
  const table = errors.slice(0, mostCauses);
  const codeColumns = Math.max(...table.map(({ code }) => code.length));
  const rows = table.flatMap((group): Line[] => [
    [
      span(padLeft(grouped(group.count), 8), "bold"),
      span(`  ${padColumns(group.code, codeColumns)}  ${padLeft(statusText(group), 3)}  `),
      span(group.retryable ? say.retryable : say.notRetryable, group.retryable ? "yellow" : "red"),
      span(`   ${exampleIds(group)}`, "dim"),
    ],
    [span(`          ${printableLine(group.message)}`)],
  ]);
  return [[span(`  ${say.rowsFailed(grouped(failed))}`, "red")], ...rows];
};

const statusText = ({ status }: ErrorGroup): string => (status === undefined ? "-" : String(status));

const mostCauses = 10;

const exampleIds = ({ ids, count }: ErrorGroup): string => {
  const shown = ids.slice(0, 2).map(printableLine).join(", ");
  return count > 2 ? `${shown}, …` : shown;
};

/** What was written, and how much is in it. */
export const fileLines = ({ output, errorsFile, succeeded, failed }: RunSummary, { words }: Style): readonly Line[] => {
  if (output === "-") return [];
  const files: (readonly [string, number])[] = [[output, succeeded]];
  if (errorsFile !== undefined) files.push([errorsFile, failed]);
  const columns = Math.max(...files.map(([path]) => path.length));
  return files.map(([path, rows]): Line => [
    span(`  ${padColumns(printableLine(path), columns)}`),
    span(`   ${words.summary.rowsInFile(grouped(rows))}`, "dim"),
  ]);
};

/** What to do next, where something is left to do. */
export const nextLines = (
  { summary, command }: { readonly summary: RunSummary; readonly command?: string },
  { words }: Style,
): readonly Line[] => {
  const { remaining, succeeded, failed, errors, bound, outcome } = summary;
  const say = words.summary;
  const retryable = errors.reduce((sum, group) => sum + (group.retryable ? group.count : 0), 0);
  const next = (purpose: string, line: string): readonly Line[] => [
    [span(`  ${words.label.next}  `, "dim"), span(purpose)],
    [span("  "), span(printable(line), "cyan")],
  ];
  if (command === undefined) return [];
  if (outcome === "bounded" && bound?.kind === "max-cost") return next(say.goOnWithMore(grouped(remaining)), command);
  if (outcome === "bounded" && bound?.kind === "halt") return next(say.goOnWhenFixed(grouped(remaining)), command);
  // Some rows always have a failure of their own; when all have it, it is about the command, and worth a second try.
  if (succeeded === 0 && failed > retryable) {
    return next(say.sendFailed(grouped(failed)), `${command} --retry-errors all`);
  }
  if (remaining > 0) return next(say.goOn(grouped(remaining)), command);
  return retryable > 0 ? next(say.sendAgain(grouped(retryable)), command) : [];
};
