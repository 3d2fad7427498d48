import { childController } from "./child-controller.ts";

/** Where tasks are started; it lives exactly as long as the callback of `taskGroup`. */
export interface TaskGroup {
  /** Aborts when the group fails, or when its parent does. */
  readonly signal: AbortSignal;
  /** Starts a task. Its failure cancels the others and is thrown by `taskGroup`. */
  start(task: (signal: AbortSignal) => Promise<void>): void;
}

/**
 * Runs `body`, which may start tasks, and returns when it and every task have ended.
 *
 * The first failure cancels the rest and is thrown after all of them have stopped, so nothing outlives the group.
 */
export const taskGroup = async <T>(parent: AbortSignal, body: (group: TaskGroup) => Promise<T>): Promise<T> => {
  using controller = childController(parent);
  const running = new Set<Promise<void>>();
  let failure: { readonly error: unknown } | undefined;
  const fail = (error: unknown): void => {
    failure ??= { error };
    controller.abort(error);
  };
  const group: TaskGroup = {
    signal: controller.signal,
    start: (task) => {
      const promise: Promise<void> = task(controller.signal)
        .catch(fail)
        .finally(() => running.delete(promise));
      running.add(promise);
    },
  };
  let result: T | undefined;
  try {
    result = await body(group);
  } catch (error) {
    fail(error);
  }
  while (running.size > 0) await Promise.all(running);
  if (failure !== undefined) throw failure.error;
  return result as T;
};
