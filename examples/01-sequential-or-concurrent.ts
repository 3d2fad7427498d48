// Ten calls one after the other take ten times as long as one. Ten calls at once take as long as one.
import { createLLM } from "sluice";
import { secondsOf, simulated } from "./simulated.ts";

const prompts = Array.from({ length: 10 }, (_, index) => `Question ${index + 1}: what is worth knowing?`);

await using provider = await simulated();
await using llm = createLLM({ model: "example", baseURL: provider.url, limits: { maxConcurrent: 10 } });

const sequential = await secondsOf(async () => {
  for (const prompt of prompts) await llm.chat(prompt);
});
console.log(`one after the other  ${sequential.toFixed(2)} s`);

const concurrent = await secondsOf(() => llm.batch(prompts));
console.log(`ten at once          ${concurrent.toFixed(2)} s`);

console.log(`speed-up             ${(sequential / concurrent).toFixed(1)}×`);
