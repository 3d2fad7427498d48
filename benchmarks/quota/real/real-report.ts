import { fork } from "node:child_process";
import { table } from "../table.ts";
import { percent } from "../targets/target.ts";
import type { RealCase } from "./real-cases.ts";
import type { RealOptions, RealResult } from "./real-run.ts";

/** So many cases run at once; together they must leave the processors mostly idle. */
const mostAtOnce = 14;
const most429s = 8;

/** Runs the cases over HTTP and tells their shares. */
export const realReport = async (
  cases: readonly RealCase[],
  options: RealOptions,
): Promise<{ readonly results: readonly RealResult[]; readonly text: string }> => {
  const left = [...cases];
  const results: RealResult[] = [];
  const work = async (): Promise<void> => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) results.push(await runAlone(next, options));
  };
  await Promise.all(Array.from({ length: Math.min(mostAtOnce, cases.length) }, work));
  const place = ({ name }: RealResult): number => cases.findIndex((one) => one.name === name);
  results.sort((a, b) => place(a) - place(b));
  return { results, text: table(["over HTTP", "share", "429s", "attempts", "lost", "CPU", ""], results.map(rowOf)) };
};

const runAlone = ({ name }: RealCase, options: RealOptions): Promise<RealResult> =>
  new Promise((resolve, reject) => {
    const child = fork(new URL("./real-worker.ts", import.meta.url), { execArgv: ["--import", "tsx"] });
    child.once("message", (result) => resolve(result as RealResult));
    child.once("error", reject);
    child.once("exit", () => reject(new Error(`Cannot finish the case "${name}": its process ended`)));
    child.send({ name, ...options });
  });

const rowOf = ({ name, share, throttled, attempts, lost, cpu }: RealResult): readonly string[] => {
  const isOurs = name.endsWith("configured") || name.endsWith("headers only");
  const met = share >= (name.startsWith("bucket 1 s") ? 0.98 : 0.99) && throttled <= most429s;
  return [
    name,
    percent(share),
    String(throttled),
    String(attempts),
    String(lost),
    percent(cpu, 0),
    isOurs ? (met ? "met" : "MISSED") : "",
  ];
};
