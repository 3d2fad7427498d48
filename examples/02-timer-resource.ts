// `await using` is Python's `async with`: when the block is left, by its end, a return or an error, the resource is released and awaited.
import { setTimeout as sleep } from "node:timers/promises";
import { createLLM } from "sluice";
import { simulated } from "./simulated.ts";

/** Measures its block; `report` may take its time, the block waits for it. */
const timer = (report: (seconds: number) => Promise<void>): AsyncDisposable => {
  const startedAt = performance.now();
  return { [Symbol.asyncDispose]: () => report((performance.now() - startedAt) / 1000) };
};

const printed =
  (label: string) =>
  async (seconds: number): Promise<void> => {
    await sleep(1); // stands for writing to a metrics service
    console.log(`${label} took ${seconds.toFixed(2)} s`);
  };

await using provider = await simulated();
await using llm = createLLM({ model: "example", baseURL: provider.url });

{
  await using _timing = timer(printed("three calls"));
  await llm.batch(["red", "green", "blue"]);
}

try {
  await using _timing = timer(printed("a block that fails"));
  await llm.chat("never sent", { signal: AbortSignal.abort() });
} catch (error) {
  console.log(`and its error arrives after the timer: ${String(error)}`);
}
