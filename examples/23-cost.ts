// What calls cost: prices of your own or of the price table; what nobody knows is unknown, and currencies are never added.
import { createLLM } from "sluice";
import { latencyMs, simulated } from "./simulated.ts";

await using provider = await simulated({ firstTokenMs: latencyMs / 40 });
const baseURL = provider.url;
await using llm = createLLM({
  providers: { openai: { baseURL, apiKey: "k" }, deepseek: { baseURL, apiKey: "k" }, local: { baseURL } },
  prices: {
    "openai/*": { input: 0.25, output: 2 },
    "deepseek/deepseek-chat": { input: 2, output: 3, currency: "CNY" },
  },
});

for (const model of ["openai/gpt-5-mini", "deepseek/deepseek-chat", "local/llama"]) {
  const { cost } = await llm.chat({ model, prompt: "Name a river" });
  console.log(cost === undefined ? `${model}: unknown` : `${model}: ${cost.currency} by ${cost.matched}`);
}
const { costs, unpricedCalls } = llm.stats();
console.log(`${costs.map(({ currency }) => currency).join(" and ")}, and ${unpricedCalls} call without a price`);
