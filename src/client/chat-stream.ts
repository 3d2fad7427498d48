import { CallError } from "../call/call-error.ts";
import type { StreamEvent } from "../call/stream-event.ts";
import { onAbort } from "../time/on-abort.ts";
import type { CallRunner } from "./call-runner.ts";
import type { ChatPart, ChatReply } from "./chat-reply.ts";
import type { ChatRequest } from "./chat-request.ts";
import { PartQueue } from "./part-queue.ts";

/** Runs one call as a stream: the one place where the side channel of a call becomes an iterable. */
export async function* chatStream(
  runner: CallRunner,
  request: ChatRequest,
  index: number,
  closing: AbortSignal,
): AsyncGenerator<ChatPart, void, undefined> {
  const controller = new AbortController();
  const parts = new PartQueue();
  const stopWatching = onAbort(closing, () => parts.release());
  if (closing.aborted) parts.release();
  const onEvent = (event: StreamEvent): void | Promise<void> =>
    event.content ? parts.push({ text: event.text, event: event.body }) : undefined;
  const running = runner.run({ ...request, stream: true }, { index, controller, onEvent }).then((result) => {
    if (!result.ok) return parts.end(result.error);
    const handedOver = parts.push(lastPart(result.value));
    parts.end();
    return handedOver;
  });
  try {
    yield* parts;
  } finally {
    controller.abort(new CallError("cancelled", "The reader left the stream"));
    parts.abandon();
    stopWatching();
    await running;
  }
}

const lastPart = ({ usage, cost, finishReason, object }: ChatReply): ChatPart => ({
  text: "",
  ...(object === undefined ? {} : { object }),
  ...(usage === undefined ? {} : { usage }),
  ...(cost === undefined ? {} : { cost }),
  ...(finishReason === undefined ? {} : { finishReason }),
});
