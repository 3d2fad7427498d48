import type { JobResult } from "./makespan-run.ts";
import type { SteadyResult } from "./steady-run.ts";
import type { TargetResult } from "./targets/target.ts";

interface SteadyTask {
  readonly kind: "steady";
  readonly client: string;
  readonly world: string;
}

interface JobTask {
  readonly kind: "job";
  readonly client: string;
  readonly job: string;
}

interface TargetTask {
  readonly kind: "target";
  readonly target: string;
}

/** One run, as a process is told of it. */
export type Task = (SteadyTask | JobTask | TargetTask) & { readonly minutes: number; readonly seed: number };

/** What came of it. */
export interface TaskResult {
  readonly task: Task;
  readonly steady?: SteadyResult;
  readonly job?: JobResult;
  readonly target?: readonly TargetResult[];
}
