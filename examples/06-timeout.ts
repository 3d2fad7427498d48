// `wait_for`, with a clock for each phase of a call. What is given up is really stopped: the request is aborted.
import { CallError, createLLM } from "sluice";
import { latencyMs, simulated } from "./simulated.ts";

await using provider = await simulated({ firstTokenMs: latencyMs * 5 });
await using llm = createLLM({ model: "example", baseURL: provider.url, retry: 0 });

const endOf = async (call: () => Promise<unknown>): Promise<string> => {
  try {
    await call();
    return "answered";
  } catch (error) {
    if (error instanceof CallError) return error.code;
    throw error;
  }
};

// The caller's patience, with all waiting and retries.
console.log(`total, too short:        ${await endOf(() => llm.chat("Slow", { timeout: { total: latencyMs } }))}`);

// The patience for the first word of a stream.
const words = async (): Promise<void> => {
  for await (const part of llm.stream("Slow", { timeout: { firstContent: latencyMs } })) console.log(part.text);
};
console.log(`first content, too late: ${await endOf(words)}`);

// Somebody else's patience: a signal.
const controller = new AbortController();
const patience = setTimeout(() => controller.abort(), latencyMs);
console.log(`aborted from outside:    ${await endOf(() => llm.chat("Slow", { signal: controller.signal }))}`);
clearTimeout(patience);

console.log(`enough time:             ${await endOf(() => llm.chat("Slow", { timeout: { total: latencyMs * 50 } }))}`);
