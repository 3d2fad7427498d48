import { RunnableLambda } from "@langchain/core/runnables";
import { AsyncCaller } from "@langchain/core/utils/async_caller";
import type { ChatCall } from "../chat-calls.ts";
import { callsAtOnce } from "../known-limit.ts";
import type { PeerClient } from "../quota-client.ts";

/** LangChain's `batch` with `maxConcurrency`, over a model that retries as its chat models do. */
export const langchain: PeerClient = async ({ attempt, calls, known, lost }) => {
  const caller = new AsyncCaller({ maxRetries: 6 });
  const model = RunnableLambda.from((call: ChatCall) => caller.call(attempt, call));
  const iterator = calls[Symbol.iterator]();
  for (let list = take(iterator, listLength); list.length > 0; list = take(iterator, listLength)) {
    const results: unknown[] = await model.batch(
      list,
      { maxConcurrency: callsAtOnce(known) },
      { returnExceptions: true },
    );
    for (const result of results) if (result instanceof Error) lost();
  }
};

/** `batch` takes a list: a long one, so that its end hardly counts. */
const listLength = 10_000;

const take = <T>(iterator: Iterator<T>, count: number): T[] => {
  const taken: T[] = [];
  while (taken.length < count) {
    const next = iterator.next();
    if (next.done === true) break;
    taken.push(next.value);
  }
  return taken;
};
