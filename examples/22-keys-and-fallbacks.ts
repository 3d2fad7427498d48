// Two keys, two servers of one model, and another model for when both are down.
import { createLLM } from "sluice";
import { latencyMs, simulated } from "./simulated.ts";

const fast = { firstTokenMs: latencyMs / 40 };
await using first = await simulated({ ...fast, maxConcurrent: 4 });
await using second = await simulated({ ...fast, maxConcurrent: 2 });
await using broken = await simulated({ ...fast, faults: { "503": 1 } });
await using llm = createLLM({
  model: "river-model",
  providers: {
    first: { baseURL: first.url, apiKeys: ["key-of-one-team", "key-of-another"], limits: { maxConcurrent: 2 } },
    second: { baseURL: second.url, limits: { maxConcurrent: 2 } },
    broken: { baseURL: broken.url },
  },
  deployments: { "river-model": ["first/m", "second/m", "broken/m"] },
  fallbacks: { "broken/m": ["second/m"] },
});

const results = await llm.batch(Array.from({ length: 90 }, (_, index) => `Question ${index}`));
console.log(`${results.filter(({ ok }) => ok).length} of ${results.length} answered`);
console.log(`first ${first.ledger().completed}, second ${second.ledger().completed}`);
console.log(`the broken one was tried ${broken.ledger().received <= 25 ? "at most 25 times" : "too often"}`);
for (const { name, limits } of llm.stats().pools) console.log(`${name}: ${limits[0]?.name} ${limits[0]?.value}`);

const { model } = await llm.chat({ prompt: "Name a river", model: "broken/m" });
console.log(`answered by the fallback: ${model}`);
