// `as_completed`: take each result when it is there. Unlike in asyncio, each one says which prompt it answers.
import { createLLM } from "sluice";
import { latencyMs, simulated } from "./simulated.ts";

const prompts = ["one", "two", "three", "four", "five", "six", "seven", "eight"];

await using provider = await simulated({ firstTokenMs: latencyMs / 2, latencySpread: 0.8 });
await using llm = createLLM({ model: "example", baseURL: provider.url });

const order: number[] = [];
for await (const result of llm.asCompleted(prompts)) {
  order.push(result.index);
  console.log(`prompt ${result.index} after ${(result.timing.totalMs / 1000).toFixed(2)} s`);
}
console.log(`order of completion: ${order.join(" ")}`);

// Leaving the loop cancels what is left.
for await (const result of llm.asCompleted(prompts)) {
  console.log(`the first of the second round: prompt ${result.index}; the other seven are cancelled`);
  break;
}
console.log(`still in flight: ${llm.stats().inFlight}`);
