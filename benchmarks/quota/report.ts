import type { TargetResult } from "./targets/target.ts";
import { jobTargets, tableTargets } from "./targets/table-targets.ts";
import { table } from "./table.ts";
import type { TaskResult } from "./task.ts";

/** All that was measured, as text. */
export const report = (results: readonly TaskResult[]): string => {
  const parts = [steadyTable(results), jobTable(results), targetTable(results)];
  return parts.filter((part) => part !== "").join("\n\n");
};

const steadyTable = (results: readonly TaskResult[]): string =>
  crossTable("steady state: share of the quota / 429s", results, ({ task, steady }) =>
    task.kind === "steady" && steady !== undefined
      ? {
          row: task.world,
          column: task.client,
          text: `${(100 * steady.share).toFixed(1)} / ${(100 * steady.refused).toFixed(2)}${steady.lost > 0 ? ` (${steady.lost} lost)` : ""}`,
        }
      : undefined,
  );

const jobTable = (results: readonly TaskResult[]): string =>
  crossTable("jobs: makespan / bound (to an even pace), 429s", results, ({ task, job }) =>
    task.kind === "job" && job !== undefined
      ? {
          row: task.job,
          column: task.client,
          text: `${(job.makespanMs / job.lowerBoundMs).toFixed(2)} (${(job.makespanMs / job.pacedBoundMs).toFixed(2)}) ${(100 * job.refused).toFixed(2)}${job.lost > 0 ? ` (${job.lost} lost)` : ""}`,
        }
      : undefined,
  );

/** Every target, those that are read off the tables first. */
export const allTargetResults = (results: readonly TaskResult[]): readonly TargetResult[] => [
  ...tableTargets(results),
  ...results.flatMap(({ target }) => target ?? []),
  ...jobTargets(results),
];

const targetTable = (results: readonly TaskResult[]): string => {
  const rows = allTargetResults(results).map(({ name, aim, measured, met }) => [
    name,
    aim,
    measured,
    met ? "met" : "MISSED",
  ]);
  return rows.length === 0 ? "" : table(["target", "aim", "measured", ""], rows);
};

interface Cell {
  readonly row: string;
  readonly column: string;
  readonly text: string;
}

const crossTable = (
  corner: string,
  results: readonly TaskResult[],
  cellOf: (result: TaskResult) => Cell | undefined,
): string => {
  const cells = results.flatMap((result) => cellOf(result) ?? []);
  if (cells.length === 0) return "";
  const columns = [...new Set(cells.map(({ column }) => column))];
  const rows = [...new Set(cells.map(({ row }) => row))];
  const text = (row: string, column: string): string =>
    cells.find((cell) => cell.row === row && cell.column === column)?.text ?? "";
  return table(
    [corner, ...columns],
    rows.map((row) => [row, ...columns.map((column) => text(row, column))]),
  );
};
