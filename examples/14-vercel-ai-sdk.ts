// The Vercel AI SDK as it is, under limits, retries and timeouts of this client.
import { createOpenAI } from "@ai-sdk/openai";
import { generateText, streamText } from "ai";
import { createLLM } from "sluice";
import { latencyMs, simulated } from "./simulated.ts";

await using provider = await simulated({ firstTokenMs: latencyMs / 20, maxConcurrent: 10 });
await using llm = createLLM({ limits: { maxConcurrent: 10 } });
const openai = createOpenAI({ apiKey: "no-key-needed", baseURL: provider.url, ...llm.clientOptions("ai") });

const model = openai.chat("m");
console.log((await generateText({ model, prompt: "Name a river" })).text);

let streamed = "";
for await (const piece of streamText({ model, prompt: "Name a lake" }).textStream) streamed += piece;
console.log(`streamed: ${streamed}`);

const all = await Promise.all(
  Array.from({ length: 40 }, (_, index) => generateText({ model, prompt: `Question ${index}` })),
);
console.log(
  `${all.length} calls at once, ${provider.ledger().peakInFlight} at a time, ${provider.ledger().refused} refused`,
);
