// OpenAI's newer API: the same calls, as responses.
import { createLLM } from "sluice";
import { latencyMs, simulated } from "./simulated.ts";

await using provider = await simulated({ firstTokenMs: latencyMs / 20, tokenMs: latencyMs / 200 });
await using llm = createLLM({
  model: "openai/gpt-5-mini",
  providers: { openai: { baseURL: provider.url, apiKey: "no-key-needed" } },
});

const operation = "responses";
const { text, finishReason, usage } = await llm.chat({ prompt: "Name a river", operation });
console.log(`${text} (${finishReason}, ${usage?.outputTokens} tokens)`);

let pieces = 0;
for await (const part of llm.stream({ prompt: "Name a lake", operation })) if (part.text !== "") pieces += 1;
console.log(`streamed in ${pieces} pieces`);

// A whole body is sent as it is: everything that the API can do.
const { body } = await llm.chat({ operation, body: { input: "Name a sea", max_output_tokens: 3 } });
console.log(`status ${JSON.stringify(body["status"])}`);
