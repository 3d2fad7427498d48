// Texts as vectors: many inputs become several calls at once, and the vectors keep their order.
import { createLLM } from "sluice";
import { latencyMs, simulated } from "./simulated.ts";

await using provider = await simulated({ firstTokenMs: latencyMs / 20 });
await using llm = createLLM({
  model: "openai/text-embedding-3-small",
  providers: { openai: { baseURL: provider.url, apiKey: "no-key-needed" } },
});

const texts = Array.from({ length: 300 }, (_, index) => `text ${index % 100}`);
const { vectors, usage } = await llm.embed(texts, { dimensions: 32, maxInputsPerCall: 100, encoding: "base64" });
console.log(`${vectors.length} vectors of ${vectors[0]?.length} numbers in ${provider.ledger().received} calls`);
console.log(`${usage?.inputTokens} tokens`);

const similarity = (a: readonly number[] = [], b: readonly number[] = []): number =>
  a.reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0);
console.log(`the same text: ${similarity(vectors[0], vectors[100]).toFixed(2)}`);
