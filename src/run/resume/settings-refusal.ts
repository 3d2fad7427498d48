import { otherOutput } from "./other-output.ts";
import { RunError } from "../run-error.ts";
import type { RunSetting } from "../run-setting.ts";
import type { Difference } from "./differences.ts";

/** Refuses to mix answers to different questions: shows what differs, and the three ways on. */
export const settingsRefusal = (
  { options: { command }, output }: Pick<RunSetting, "options" | "output">,
  found: readonly Difference[],
  recorded: number,
): RunError => {
  const width = Math.max(...found.map(({ name }) => name.length));
  const other = otherOutput(output);
  const way = (purpose: string, option: string, flags: readonly string[]): readonly string[] => [
    purpose,
    `  ${command?.text(flags) ?? option}`,
  ];
  return new RunError(
    `${output} has ${rowsText(recorded, "row", "rows")} that other settings made  (nothing was sent)`,
    {
      exitCode: 2,
      notes: [
        ...found.flatMap(({ name, lines }) =>
          lines.map((line, index) => `${(index === 0 ? name : "").padEnd(width)}  ${line}`),
        ),
        ...way("either write to another output", `output: ${JSON.stringify(other)}`, ["-o", other]),
        ...way("or begin anew, with the old files kept under another name", "fresh: true", ["--fresh"]),
        ...way("or keep the old answers and ask the other rows as now", "acceptConfigChange: true", [
          "--accept-config-change",
        ]),
      ],
    },
  );
};

/** A number of rows in words. */
export const rowsText = (rows: number, one: string, many: string): string =>
  `${rows.toLocaleString("en")} ${rows === 1 ? one : many}`;
