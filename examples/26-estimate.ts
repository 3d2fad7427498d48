// What calls will cost before they are made: what is expected, and what they can cost at most. Nothing is sent.
import { createLLM } from "sluice";

await using llm = createLLM({
  model: "openai/gpt-5-mini",
  providers: { openai: { apiKey: "not-used" } },
  prices: { "openai/gpt-5-mini": { input: 0.25, output: 2 } },
});

const prompt = "Name three rivers, and say in a sentence where each of them rises.";
const { inputTokens, expected, atMost } = await llm.estimate({ prompt, maxOutputTokens: 200 });
console.log(`${inputTokens} tokens in, about $${expected?.amount.toFixed(6)}, at most $${atMost?.amount.toFixed(6)}`);

const image = { type: "image_url", image_url: { url: "https://example.com/river.png" } };
const pictured = await llm.estimate({ messages: [{ role: "user", content: [image] }], maxOutputTokens: 200 });
console.log(
  `with an image: ${pictured.atMost === undefined ? `no known most (${pictured.unbounded})` : "a known most"}`,
);

const unknown = await llm.estimate({ model: "openai/no-such-model", prompt });
console.log(`of a model without a price: ${unknown.unpriced}`);
