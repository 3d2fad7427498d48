// The rate-limited client: calls at once, requests and tokens per minute hold together, for batches and streams alike.
import process from "node:process";
import { createLLM } from "sluice";
import { latencyMs, secondsOf, simulated } from "./simulated.ts";

await using provider = await simulated({
  firstTokenMs: latencyMs / 10,
  tokenMs: latencyMs / 100,
  requestsPerMinute: 600,
});
await using llm = createLLM({
  model: "example",
  baseURL: provider.url,
  limits: { maxConcurrent: 20, requestsPerMinute: 600, tokensPerMinute: 100_000 },
});

const prompts = Array.from({ length: 30 }, (_, index) => `Question ${index + 1}`);
const seconds = await secondsOf(async () => {
  const results = await llm.batch(prompts, { maxOutputTokens: 100 });
  console.log(`batch: ${results.filter(({ ok }) => ok).length} of ${results.length} answered`);
});
console.log(`30 calls at 600 per minute, about a second's worth of them at once: ${seconds.toFixed(1)} s`);

process.stdout.write("stream: ");
for await (const part of llm.stream("Write a haiku about a sluice", { maxOutputTokens: 100 })) {
  process.stdout.write(part.text);
  if (part.usage !== undefined) console.log(`\n        (${part.usage.outputTokens} tokens, ${part.finishReason})`);
}

for (const { name, value, used, source } of llm.stats().limits) {
  console.log(`${name.padEnd(18)} ${Math.round(used)} of ${value ?? "?"} (${source})`);
}
console.log(`answers with 429: ${llm.stats().throttled}`);
