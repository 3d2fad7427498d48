// Azure OpenAI, in both manners: a path for each deployment with a dated API, and the newer one without.
import { createLLM } from "sluice";
import { latencyMs, simulated } from "./simulated.ts";

await using provider = await simulated({ firstTokenMs: latencyMs / 20 });
const apiKey = "no-key-needed";
await using llm = createLLM({
  providers: {
    dated: { dialect: "azure", apiKey, baseURL: `${provider.origin}/openai?api-version=2024-10-21` },
    azure: { apiKey, baseURL: `${provider.origin}/openai/v1` },
  },
});

for (const model of ["dated/my-deployment", "azure/my-deployment"]) {
  const { text, finishReason } = await llm.chat({ model, prompt: "Name a river" });
  console.log(`${model}: ${text} (${finishReason})`);
}
