import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { availableParallelism } from "node:os";
import type { Task, TaskResult } from "./task.ts";

/** Makes all runs, as many at once as there are processors; each process has its own globals. */
export const runTasks = async (tasks: readonly Task[], done: (result: TaskResult) => void): Promise<void> => {
  const left = [...tasks];
  const work = async (): Promise<void> => {
    const child = fork(new URL("./worker.ts", import.meta.url), { execArgv: ["--expose-gc", "--import", "tsx"] });
    try {
      for (let task = left.shift(); task !== undefined; task = left.shift()) {
        done(await runIn(child, task));
      }
    } finally {
      child.kill();
    }
  };
  await Promise.all(Array.from({ length: Math.min(tasks.length, availableParallelism()) }, work));
};

const runIn = async (child: ChildProcess, task: Task): Promise<TaskResult> => {
  child.send(task);
  const ended = new AbortController();
  const { signal } = ended;
  try {
    const [answer] = await Promise.race([
      once(child, "message", { signal }),
      once(child, "exit", { signal }).then(() => {
        throw new Error(`Cannot finish ${JSON.stringify(task)}: its process ended`);
      }),
    ]);
    return answer as TaskResult;
  } finally {
    ended.abort();
  }
};
