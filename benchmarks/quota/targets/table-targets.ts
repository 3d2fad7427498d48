import type { TaskResult } from "../task.ts";
import { percent, type TargetResult } from "./target.ts";

interface TableAim {
  readonly name: string;
  readonly clients: readonly string[];
  readonly worlds: RegExp;
  readonly share: number;
  readonly refused: number;
  /** @default no matter how many */
  readonly atOnce?: number;
}

const told = ["sluice", "sluice, headers only"];
const untold = ["sluice, neither"];
const sharp = /^(bucket|window|Azure)/;

const aims: readonly TableAim[] = [
  { name: "L1 configured", clients: ["sluice"], worlds: sharp, share: 0.99, refused: 0.001 },
  { name: "L1 headers only", clients: ["sluice, headers only"], worlds: sharp, share: 0.99, refused: 0.001 },
  { name: "L1 sliding log", clients: told, worlds: /^sliding/, share: 0.985, refused: 0.002 },
  {
    name: "L1 output while streaming (as other servers)",
    clients: told,
    worlds: /^output/,
    share: 0.99,
    refused: 0.001,
  },
  { name: "A1 unknown 64 slots", clients: untold, worlds: /^64/, share: 0.94, refused: 0.01 },
  { name: "A2 unknown rate, no headers", clients: untold, worlds: sharp, share: 0.99, refused: 0.005 },
  {
    name: "A3 saturates at 64, calls at once <= 128",
    clients: untold,
    worlds: /^saturates/,
    share: 0.97,
    refused: 1,
    atOnce: 128,
  },
];

/** The targets that can be read off the table of servers: the worst row counts. */
export const tableTargets = (results: readonly TaskResult[]): readonly TargetResult[] =>
  aims.flatMap((aim) => {
    const rows = results.flatMap(({ task, steady }) => {
      const fits = task.kind === "steady" && aim.clients.includes(task.client) && aim.worlds.test(task.world);
      return fits && steady !== undefined ? [{ ...steady, world: task.world }] : [];
    });
    if (rows.length === 0) return [];
    const worst = rows.reduce((a, b) => (b.share < a.share ? b : a));
    const refused = Math.max(...rows.map((row) => row.refused));
    const atOnce = Math.max(...rows.map(({ meanAtOnce }) => meanAtOnce));
    const { name, share, atOnce: most = Infinity } = aim;
    const good = rows.filter((row) => row.share >= share && row.refused < aim.refused && row.meanAtOnce <= most);
    return [
      {
        name,
        aim: `>= ${percent(share, 1)}, 429s < ${percent(aim.refused, 1)}`,
        measured: `${percent(worst.share)} (${worst.world}), ${percent(refused)}${most < Infinity ? `, ${atOnce.toFixed(0)} at once` : ""}; ${good.length} of ${rows.length} rows`,
        met: good.length === rows.length,
      },
    ];
  });

interface JobAim {
  readonly name: string;
  readonly job: RegExp;
  readonly most: number;
}

const jobAims: readonly JobAim[] = [
  { name: "L3, M2 job of a minute: makespan / bound", job: /^1 minute/, most: 1.1 },
  { name: "cold start, 800 calls: makespan / bound", job: /^800/, most: 1.25 },
  { name: "M1 job of ten minutes: makespan / bound", job: /^10 minutes/, most: 1 / 0.97 },
];

/** The targets that can be read off the table of jobs; the bound is that of a bucket which is full at the start. */
export const jobTargets = (results: readonly TaskResult[]): readonly TargetResult[] =>
  jobAims.flatMap(({ name, job: pattern, most }) => {
    const ratios = results.flatMap(({ task, job }) => {
      const fits = task.kind === "job" && told.includes(task.client) && pattern.test(task.job);
      return fits && job !== undefined ? [job.makespanMs / job.lowerBoundMs] : [];
    });
    if (ratios.length === 0) return [];
    const worst = Math.max(...ratios);
    return [
      {
        name,
        aim: `<= ${most.toFixed(2)}`,
        measured: ratios.map((ratio) => ratio.toFixed(2)).join(", "),
        met: worst <= most,
      },
    ];
  });
