import process from "node:process";
import { createLLM } from "../../src/client/create-llm.ts";

/** How a call ended, and how much memory it took at most. */
export interface MemoryReport {
  readonly outcome: string;
  readonly grownMb: number;
}

const [, , baseURL = "", ...prompts] = process.argv;
const llm = createLLM({ model: "openai/m", baseURL, apiKey: "k", retry: 0, breaker: false });

const ask = async (prompt: string): Promise<string> => {
  const [result] = await llm.batch([{ prompt, stream: prompt.startsWith("stream") }]);
  return result?.ok === false ? `${result.error.code} ${result.error.retryable} ${result.error.message}` : "ok";
};

const measured = async (prompt: string): Promise<MemoryReport> => {
  const before = process.memoryUsage.rss();
  let most = before;
  const sampler = setInterval(() => (most = Math.max(most, process.memoryUsage.rss())), 2);
  const outcome = await ask(prompt);
  clearInterval(sampler);
  return { outcome, grownMb: (Math.max(most, process.memoryUsage.rss()) - before) / 2 ** 20 };
};

await ask("small");
const reports: MemoryReport[] = [];
for (const prompt of prompts) reports.push(await measured(prompt));
await llm.close();
process.stdout.write(`${JSON.stringify(reports)}\n`);
