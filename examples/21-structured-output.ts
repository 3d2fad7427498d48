// Answers as typed objects: a schema of Zod, Valibot or ArkType is sent along, and what comes back is validated.
import { createLLM } from "sluice";
import { z } from "zod";
import { latencyMs, simulated } from "./simulated.ts";

await using provider = await simulated({ firstTokenMs: latencyMs / 20 });
await using llm = createLLM({
  model: "openai/gpt-5-mini",
  providers: { openai: { baseURL: provider.url, apiKey: "no-key-needed" } },
});

const schema = z.object({ label: z.enum(["positive", "negative"]), reasons: z.array(z.string()) });
const { object } = await llm.chat({ prompt: "Label: the soup was cold", schema });
console.log(`${object.label}, for ${object.reasons.length} reasons`);

const reviews = ["fine", "bad", "good", "cold"];
for (const result of await llm.batch(reviews, { schema })) {
  console.log(result.ok ? `${result.index}: ${result.value.object.label}` : `${result.index}: ${result.error.code}`);
}
