// `create_task`: a call starts now and is awaited later. A job can be looked at and cancelled meanwhile.
import { setTimeout as sleep } from "node:timers/promises";
import { CallError, createLLM } from "sluice";
import { latencyMs, simulated } from "./simulated.ts";

await using provider = await simulated();
await using llm = createLLM({ model: "example", baseURL: provider.url });

const report = llm.submit("Summarise the year");
const unwanted = llm.submit("Summarise the century");
await sleep(latencyMs / 4);
console.log(`while I do other things the report is ${report.status}`);

unwanted.cancel();
try {
  await unwanted;
} catch (error) {
  if (!(error instanceof CallError)) throw error;
  console.log(`the other one ended with code ${error.code}`);
}

const { text } = await report;
console.log(`the report has ${report.status}: ${text}`);
