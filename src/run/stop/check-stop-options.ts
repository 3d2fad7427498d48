import { RunError } from "../run-error.ts";
import type { RunFileOptions } from "../run-options.ts";

/** Makes sure that the bounds of a run are some. @throws RunError */
export const checkStopOptions = ({ maxCost, maxDurationMs, halt }: RunFileOptions): void => {
  const refuse = (message: string): never => {
    throw new RunError(`Cannot run: ${message}`, { exitCode: 2 });
  };
  const isPositive = (value: number): boolean => value > 0 && value < Infinity;
  if (maxCost !== undefined && !(isPositive(maxCost.amount) && ["USD", "CNY"].includes(maxCost.currency))) {
    refuse(`"maxCost" must be an amount above 0 in USD or CNY, got ${JSON.stringify(maxCost)}`);
  }
  if (maxDurationMs !== undefined && !isPositive(maxDurationMs)) {
    refuse(`"maxDurationMs" must be a number above 0, got ${String(maxDurationMs)}`);
  }
  if (halt === undefined) return;
  const { when, rows, percent } = halt;
  const isCount = rows === undefined || (Number.isInteger(rows) && rows >= 1);
  const isShare = percent === undefined || (percent > 0 && percent <= 100);
  if ((when === "soon" || when === "now") && isCount && isShare && (rows ?? percent) !== undefined) return;
  refuse(
    `"halt" must be such as { when: "soon", rows: 100 } or { when: "now", percent: 5 }, got ${JSON.stringify(halt)}`,
  );
};
