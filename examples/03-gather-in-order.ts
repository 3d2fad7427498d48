// `gather`, with order kept: answers come back in any order, results stand in the order of the prompts.
import { createLLM } from "sluice";
import { latencyMs, simulated } from "./simulated.ts";

await using provider = await simulated({ firstTokenMs: latencyMs / 2, latencySpread: 0.8 });
await using llm = createLLM({ model: "example", baseURL: provider.url, limits: { tokensPerMinute: 100_000 } });

// A handful of different calls: JavaScript's own gather is enough. It throws the first error.
const [river, mountain] = await Promise.all([llm.chat("Name a river"), llm.chat("Name a mountain")]);
console.log(`river: ${river.text}\nmountain: ${mountain.text}`);

// Many calls: a failure is a result among the others. This one asks for more tokens than the limit allows in a minute.
const results = await llm.batch([
  "Name a lake",
  { prompt: "Write a library", maxOutputTokens: 1_000_000 },
  "Name a forest",
  "Name an island",
]);
for (const result of results) {
  const { index } = result;
  console.log(result.ok ? `${index} ok    ${result.value.text}` : `${index} error ${result.error.code}`);
}
console.log(`order kept: ${results.every(({ index }, place) => index === place)}`);
