// LangChain as it is, under limits, retries and timeouts of this client.
import { ChatOpenAI } from "@langchain/openai";
import { createLLM } from "sluice";
import { latencyMs, simulated } from "./simulated.ts";

await using provider = await simulated({ firstTokenMs: latencyMs / 20, maxConcurrent: 10 });
await using llm = createLLM({ limits: { maxConcurrent: 10 } });
const { configuration, ...options } = llm.clientOptions("langchain");
const model = new ChatOpenAI({
  model: "m",
  apiKey: "no-key-needed",
  ...options,
  configuration: { ...configuration, baseURL: provider.url },
});

console.log((await model.invoke("Name a river")).text);

let streamed = "";
for await (const part of await model.stream("Name a lake")) streamed += part.text;
console.log(`streamed: ${streamed}`);

const all = await model.batch(Array.from({ length: 40 }, (_, index) => `Question ${index}`));
console.log(
  `${all.length} calls at once, ${provider.ledger().peakInFlight} at a time, ${provider.ledger().refused} refused`,
);
