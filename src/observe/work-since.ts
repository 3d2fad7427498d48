import type { MeasuredGroup, WorkSoFar } from "./work-done.ts";

/**
 * What was done between two snapshots of one client: the work of one run among others.
 *
 * The shortest latency of a step and the largest cost of a call are those of all time, which keeps a bound made of it low.
 */
export const workSince = (before: WorkSoFar, after: WorkSoFar): WorkSoFar => {
  const earlier = new Map(before.groups.map((group) => [group.step, group]));
  return {
    groups: after.groups.map((group) => lessBy(group, earlier.get(group.step))).filter(({ request }) => request > 0),
    slotMs: after.slotMs - before.slotMs,
    largest: after.largest,
    busyMs: after.busyMs - before.busyMs,
  };
};

const lessBy = (group: MeasuredGroup, earlier: MeasuredGroup | undefined): MeasuredGroup =>
  earlier === undefined
    ? group
    : {
        ...group,
        request: group.request - earlier.request,
        input: group.input - earlier.input,
        output: group.output - earlier.output,
        total: group.total - earlier.total,
      };
