import stringWidth from "string-width";
import type { ErrorGroup } from "../../run/records/error-groups.ts";
import type { RunSummary } from "../../run/run-summary.ts";
import { grouped } from "./amount-text.ts";
import { fieldLines, type Line, padColumns, padLeft, span } from "./line.ts";
import { costText } from "./money-text.ts";
import { shellCommand } from "../run/shell-command.ts";
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

/** How much may have been paid for twice, because an earlier run died while it waited for answers. */
export const paidTwiceLines = (
  { possiblyPaidTwice, possiblyPaidAtMost, possiblyPaidUnpriced }: RunSummary,
  { words, width }: Style,
): readonly Line[] => {
  if (possiblyPaidTwice === 0) return [];
  const atMost =
    possiblyPaidAtMost.length === 0
      ? undefined
      : costText({ costs: possiblyPaidAtMost, unpricedCalls: possiblyPaidUnpriced }, words);
  const text = words.summary.possiblyPaid(grouped(possiblyPaidTwice), atMost);
  return fieldLines([span("  ")], [[span(text)]], width);
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
  style: Style,
): readonly Line[] => {
  const { remaining, succeeded, failed, errors, output, bound, outcome } = summary;
  const { words } = style;
  const say = words.summary;
  const retryable = errors.reduce((sum, group) => sum + (group.retryable ? group.count : 0), 0);
  if (command === undefined) return [];
  const see = failed > 0 ? [{ command: shellCommand(["sluice", "errors", output]), purpose: say.seeFailed }] : [];
  if (outcome === "bounded" && bound?.kind === "max-cost")
    return commandLines([...see, { command, purpose: say.goOnWithMore(grouped(remaining)) }], style);
  if (outcome === "bounded" && bound?.kind === "halt")
    return commandLines([...see, { command, purpose: say.goOnWhenFixed(grouped(remaining)) }], style);
  // Some rows always have a failure of their own; when all have it, it is about the command, and worth a second try.
  if (succeeded === 0 && failed > retryable) {
    const all = { command: `${command} --retry-errors all`, purpose: say.sendFailed(grouped(failed)) };
    return commandLines([...see, all], style);
  }
  if (remaining > 0) return commandLines([...see, { command, purpose: say.goOn(grouped(remaining)) }], style);
  const retry = { command: shellCommand(["sluice", "retry", output]), purpose: say.sendAgain(grouped(retryable)) };
  return commandLines(retryable > 0 ? [...see, retry] : see, style);
};

/** A command, and what it is good for. */
export interface NextCommand {
  readonly command: string;
  readonly purpose: string;
}

/** What each is good for stands behind the commands, or above one that leaves no room for it. */
export const commandLines = (commands: readonly NextCommand[], { words, width }: Style): readonly Line[] => {
  if (commands.length === 0) return [];
  const label = `  ${words.label.next}  `;
  const columns = Math.max(...commands.map(({ command }) => stringWidth(command)));
  const widest = Math.max(...commands.map(({ purpose }) => stringWidth(purpose)));
  const beside = stringWidth(label) + columns + 3 + widest <= width;
  return commands.flatMap(({ command, purpose }, index): readonly Line[] => {
    const before = span(index === 0 ? label : padColumns("", stringWidth(label)), "dim");
    const typed = printable(command);
    if (beside)
      return [[before, span(padColumns(typed, columns), "cyan"), span(`   ${purpose.replace(/[:：]$/u, "")}`)]];
    return [
      [before, span(purpose)],
      [span("  "), span(typed, "cyan")],
    ];
  });
};
