import { CallError } from "../call/call-error.ts";
import type { CallRunner } from "./call-runner.ts";
import type { ChatReply } from "./chat-reply.ts";
import type { ChatRequest } from "./chat-request.ts";
import type { Job, JobStatus } from "./job.ts";

/** Starts a call and returns what steers it. */
export const submitJob = (runner: CallRunner, request: ChatRequest, index: number): Job<ChatReply> => {
  const controller = new AbortController();
  let status: JobStatus = "queued";
  const onState = (state: JobStatus): void => void (status = state);
  const reply = runner.run(request, { index, controller, onState }).then((result) => {
    if (result.ok) status = "succeeded";
    else status = result.error.code === "cancelled" ? "cancelled" : "failed";
    if (!result.ok) throw result.error;
    return result.value;
  });
  // Nobody has to await a job: one that fails unwatched must not end the process.
  reply.catch(() => undefined);
  return {
    id: request.id ?? String(index),
    get status() {
      return status;
    },
    cancel: () => controller.abort(new CallError("cancelled", "The job was cancelled")),
    // oxlint-disable-next-line unicorn/no-thenable -- a job is awaited for its reply.
    then: (onFulfilled, onRejected) => reply.then(onFulfilled, onRejected),
  };
};
