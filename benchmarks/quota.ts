/**
 * How much of the quota is really used, and what it costs in 429s: sluice and its peers on the same servers, in virtual
 * time, or with `--real` over HTTP in real time.
 */
import { parseArgs } from "node:util";
import { allClients } from "./quota/clients/all-clients.ts";
import { jobs } from "./quota/makespan-run.ts";
import { realCases } from "./quota/real/real-cases.ts";
import { realReport } from "./quota/real/real-report.ts";
import { allTargetResults, report } from "./quota/report.ts";
import { runTasks } from "./quota/run-tasks.ts";
import { serverWorlds } from "./quota/server-worlds.ts";
import { targets } from "./quota/targets/all-targets.ts";
import type { Task, TaskResult } from "./quota/task.ts";

const { values } = parseArgs({
  options: {
    real: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
    minutes: { type: "string" },
    seed: { type: "string", default: "1" },
    /** Only clients, servers, jobs and targets, or real cases, whose names contain it. */
    client: { type: "string", default: "" },
    case: { type: "string", default: "" },
  },
});

const virtualTasks = (): readonly Task[] => {
  const shared = { minutes: Number(values.minutes ?? 10), seed: Number(values.seed) };
  const fits = ({ name }: { readonly name: string }): boolean => name.includes(values.case);
  const clients = allClients.filter(({ name }) => name.includes(values.client));
  const of = <T>(make: (client: string) => readonly T[]): readonly T[] => clients.flatMap(({ name }) => make(name));
  return [
    ...of((client) => serverWorlds.filter(fits).map(({ name }) => ({ kind: "steady" as const, client, world: name }))),
    ...of((client) => jobs.filter(fits).map(({ name }) => ({ kind: "job" as const, client, job: name }))),
    ...targets.filter(fits).map(({ name }) => ({ kind: "target" as const, target: name })),
  ].map((task) => ({ ...task, ...shared }));
};

const runVirtual = async (): Promise<void> => {
  const tasks = virtualTasks();
  const results: TaskResult[] = [];
  const place = (task: Task): number => tasks.findIndex((one) => JSON.stringify(one) === JSON.stringify(task));
  const print = (): void => {
    results.sort((a, b) => place(a.task) - place(b.task));
    const json = { results, targets: allTargetResults(results) };
    console.log(values.json ? JSON.stringify(json, null, 2) : report(results));
  };
  const stop = (): void => {
    print();
    process.exit(1);
  };
  process.once("SIGINT", stop).once("SIGTERM", stop);
  await runTasks(tasks, (result) => {
    const done = results.push(result);
    if (process.stderr.isTTY) process.stderr.write(`\r${done} of ${tasks.length} runs `);
    else if (done % 20 === 0) console.error(`${done} of ${tasks.length} runs`);
  });
  print();
};

const runReal = async (): Promise<void> => {
  const cases = realCases.filter(({ name }) => name.includes(values.case) && name.includes(values.client));
  const results = await realReport(cases, { minutes: Number(values.minutes ?? 3), seed: Number(values.seed) });
  console.log(values.json ? JSON.stringify(results.results, null, 2) : results.text);
};

await (values.real ? runReal() : runVirtual());
