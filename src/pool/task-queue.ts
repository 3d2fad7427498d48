import { Heap } from "../time/heap.ts";
import type { PooledTask } from "./pooled-task.ts";

/** Tasks that wait for a slot: higher priority first, then the older. */
export class TaskQueue {
  readonly #heap: Heap<PooledTask> = new Heap(
    (a, b) =>
      a.settings.priority > b.settings.priority ||
      (a.settings.priority === b.settings.priority && a.sequence < b.sequence),
  );
  /** Ended tasks that still stand in the heap. */
  #stale = 0;

  push(task: PooledTask): void {
    task.inQueue = true;
    this.#heap.push(task);
  }

  /** Takes out the task whose turn it is. */
  next(): PooledTask | undefined {
    for (;;) {
      const task = this.#heap.pop();
      if (task === undefined) return undefined;
      task.inQueue = false;
      if (!task.ended) return task;
      this.#stale--;
    }
  }

  /**
   * Takes an ended task out, if it is here.
   *
   * That is slow in the middle of a heap, so the ended ones go together, at the latest when they are half of it.
   */
  discard(task: PooledTask): void {
    if (!task.inQueue) return;
    this.#stale++;
    if (this.#stale * 2 < this.#heap.size) return;
    this.#heap.filter((other) => !other.ended);
    this.#stale = 0;
  }
}
