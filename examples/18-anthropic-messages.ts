// Anthropic's own format, without an SDK: messages, a stream, and a tool.
import { createLLM } from "sluice";
import { latencyMs, simulated } from "./simulated.ts";

await using provider = await simulated({ firstTokenMs: latencyMs / 20, tokenMs: latencyMs / 200 });
await using llm = createLLM({
  model: "anthropic/claude-sonnet-5-5",
  providers: { anthropic: { baseURL: provider.url, apiKey: "no-key-needed" } },
});

const { text, finishReason, usage } = await llm.chat({ system: "Be brief.", prompt: "Name a river" });
console.log(`${text} (${finishReason}, ${usage?.inputTokens} in, ${usage?.outputTokens} out)`);

let pieces = 0;
for await (const part of llm.stream("Name a lake")) if (part.text !== "") pieces += 1;
console.log(`streamed in ${pieces} pieces`);

const input_schema = { type: "object", properties: { city: { type: "string" } }, required: ["city"] };
const { toolCalls = [] } = await llm.chat({
  prompt: "How is the weather in Ulm?",
  params: { tools: [{ name: "weather", description: "…", input_schema }], tool_choice: { type: "any" } },
});
for (const { name, arguments: given } of toolCalls)
  console.log(`wants ${name} with ${Object.keys(JSON.parse(given)).join()}`);
