// The Anthropic SDK as it is, under limits, retries and timeouts of this client.
import Anthropic from "@anthropic-ai/sdk";
import { createLLM } from "sluice";
import { latencyMs, simulated } from "./simulated.ts";

await using provider = await simulated({ firstTokenMs: latencyMs / 20, maxConcurrent: 10 });
await using llm = createLLM({ limits: { maxConcurrent: 10 } });
const anthropic = new Anthropic({
  apiKey: "no-key-needed",
  baseURL: provider.origin,
  ...llm.clientOptions("anthropic"),
});

const asked = (content: string) => ({
  model: "claude-sonnet-5-5",
  max_tokens: 200,
  messages: [{ role: "user" as const, content }],
});
const message = await anthropic.messages.create(asked("Name a river"));
for (const block of message.content) if (block.type === "text") console.log(block.text);

const stream = anthropic.messages.stream(asked("Name a lake"));
let pieces = 0;
stream.on("text", () => (pieces += 1));
await stream.finalMessage();
console.log(`streamed in ${pieces} pieces`);

const all = await Promise.all(
  Array.from({ length: 40 }, (_, index) => anthropic.messages.create(asked(`Question ${index}`))),
);
console.log(
  `${all.length} calls at once, ${provider.ledger().peakInFlight} at a time, ${provider.ledger().refused} refused`,
);
