import type { Progress } from "./resume.ts";

/** Which rows a run leaves alone: what is answered, what would fail again, and, when it only retries, what was never sent. */
export const leftAlone = ({ done, failed, left }: Progress, onlyFailed: boolean): ((row: number) => boolean) =>
  onlyFailed ? (row) => done.has(row) || left.has(row) || !failed.has(row) : (row) => done.has(row) || left.has(row);

/** How many rows that are to be sent. */
export const countToSend = ({ done, failed, left }: Progress, rows: number, onlyFailed: boolean): number =>
  (onlyFailed ? failed.count : rows - done.count) - left.count;
