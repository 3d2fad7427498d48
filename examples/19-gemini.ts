// Gemini's own format, without an SDK.
import { createLLM } from "sluice";
import { latencyMs, simulated } from "./simulated.ts";

await using provider = await simulated({ firstTokenMs: latencyMs / 20, tokenMs: latencyMs / 200 });
await using llm = createLLM({
  model: "gemini/gemini-3.5-flash",
  providers: { gemini: { baseURL: `${provider.origin}/v1beta`, apiKey: "no-key-needed" } },
});

const { text, finishReason, usage } = await llm.chat({ system: "Be brief.", prompt: "Name a river", temperature: 0 });
console.log(`${text} (${finishReason}, ${usage?.inputTokens} in, ${usage?.outputTokens} out)`);

let pieces = 0;
for await (const part of llm.stream("Name a lake")) if (part.text !== "") pieces += 1;
console.log(`streamed in ${pieces} pieces`);
