// The resilient client: the provider refuses, breaks and resets, and every prompt is answered all the same.
import { createLLM } from "sluice";
import { latencyMs, simulated } from "./simulated.ts";

await using provider = await simulated({
  firstTokenMs: latencyMs / 20,
  requestsPerMinute: 1200,
  burstMs: 500,
  faults: { "429": 0.05, "500": 0.1, reset: 0.05, malformed: 0.05 },
});

// No rate is configured, so the provider has to refuse: each 429 holds all calls until the time that it names.
await using llm = createLLM({ model: "example", baseURL: provider.url, retry: 5 });

const prompts = Array.from({ length: 40 }, (_, index) => `Question ${index + 1}`);
const results = await llm.batch(prompts);

for (const { index, attempts, retries } of results) {
  if (attempts > 1) {
    console.log(
      `prompt ${index}: ${attempts} attempts (${retries.map(({ code }) => code).join(", ")}, then an answer)`,
    );
  }
}
const { throttled, retries } = llm.stats();
console.log(`attempts made again: ${retries}, after a 429: ${throttled}`);
console.log(`answered: ${results.filter(({ ok }) => ok).length} of ${results.length}`);
