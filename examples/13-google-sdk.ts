// The Google Gen AI SDK as it is, under limits, retries and timeouts of this client.
import { GoogleGenAI } from "@google/genai";
import { createLLM } from "sluice";
import { latencyMs, simulated } from "./simulated.ts";

await using provider = await simulated({ firstTokenMs: latencyMs / 20, maxConcurrent: 10 });
await using llm = createLLM({ limits: { maxConcurrent: 10 } });
const { httpOptions } = llm.clientOptions("google");
const google = new GoogleGenAI({ apiKey: "no-key-needed", httpOptions: { ...httpOptions, baseUrl: provider.origin } });

const model = "gemini-3.5-flash";
console.log((await google.models.generateContent({ model, contents: "Name a river" })).text);

let streamed = "";
for await (const { text } of await google.models.generateContentStream({ model, contents: "Name a lake" })) {
  streamed += text ?? "";
}
console.log(`streamed: ${streamed}`);

const all = await Promise.all(
  Array.from({ length: 40 }, (_, index) => google.models.generateContent({ model, contents: `Question ${index}` })),
);
console.log(
  `${all.length} calls at once, ${provider.ledger().peakInFlight} at a time, ${provider.ledger().refused} refused`,
);
