/** A process that makes runs for its parent, one after another. */
import { allClients } from "./clients/all-clients.ts";
import { makespanRun } from "./makespan-run.ts";
import { serverWorlds } from "./server-worlds.ts";
import { steadyRun } from "./steady-run.ts";
import { jobs } from "./makespan-run.ts";
import { targets } from "./targets/all-targets.ts";
import type { Task, TaskResult } from "./task.ts";

const found = <T extends { readonly name: string }>(list: readonly T[], name: string): T => {
  const entry = list.find((one) => one.name === name);
  if (entry === undefined) throw new Error(`Cannot run the task: nothing is named "${name}"`);
  return entry;
};

const run = async (task: Task): Promise<TaskResult> => {
  if (task.kind === "target") return { task, target: await found(targets, task.target).measure(task) };
  const { client, headers = true } = found(allClients, task.client);
  if (task.kind === "job") return { task, job: await makespanRun(client, found(jobs, task.job), task.seed) };
  const world = found(serverWorlds, task.world);
  const { options } = world;
  return {
    task,
    steady: await steadyRun(client, headers ? world : { ...world, options: { ...options, headers } }, task),
  };
};

process.on("message", (task: Task) => {
  run(task).then(
    (result) => process.send?.(result),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
});
