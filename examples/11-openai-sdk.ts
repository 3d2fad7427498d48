// The OpenAI SDK as it is, under limits, retries and timeouts of this client: only its options are another line.
import OpenAI from "openai";
import { createLLM } from "sluice";
import { latencyMs, secondsOf, simulated } from "./simulated.ts";

await using provider = await simulated({ firstTokenMs: latencyMs / 20, requestsPerMinute: 1200, maxConcurrent: 20 });
await using llm = createLLM();
const openai = new OpenAI({ apiKey: "no-key-needed", baseURL: provider.url, ...llm.clientOptions("openai") });

const ask = async (content: string): Promise<string> => {
  const { choices } = await openai.chat.completions.create({ model: "m", messages: [{ role: "user", content }] });
  return choices[0]?.message.content ?? "";
};

console.log(await ask("Name a river"));
const stream = await openai.chat.completions.create({
  model: "m",
  stream: true,
  messages: [{ role: "user", content: "Name a lake" }],
});
let streamed = "";
for await (const { choices } of stream) streamed += choices[0]?.delta.content ?? "";
console.log(`streamed: ${streamed}`);

const seconds = await secondsOf(() => Promise.all(Array.from({ length: 60 }, (_, index) => ask(`Question ${index}`))));
const { refused, completed } = provider.ledger();
console.log(
  `60 calls at once in ${seconds.toFixed(1)} s: ${completed - 2} answered, ${refused} refused and sent again`,
);
