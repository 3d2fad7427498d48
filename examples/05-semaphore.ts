// `Semaphore(3)`: ten calls, never more than three at once. A limiter wraps any async function, not only calls to models.
import { createLimiter, createLLM } from "sluice";
import { secondsOf, simulated } from "./simulated.ts";

await using provider = await simulated();
await using llm = createLLM({ model: "example", baseURL: provider.url });

const limit = createLimiter({ maxConcurrent: 3 });
let running = 0;
let most = 0;

const ask = async (prompt: string): Promise<string> => {
  most = Math.max(most, ++running);
  try {
    return (await llm.chat(prompt)).text;
  } finally {
    running--;
  }
};

const prompts = Array.from({ length: 10 }, (_, index) => `Question ${index + 1}`);
const seconds = await secondsOf(() => Promise.all(prompts.map((prompt) => limit(() => ask(prompt)))));
console.log(`10 calls in ${seconds.toFixed(2)} s: four rounds of at most three`);
console.log(`most at once: ${most}`);
