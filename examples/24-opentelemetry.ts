// Spans and metrics by the conventions for generative AI, and events for your own code.
import * as telemetry from "@opentelemetry/api";
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-base";
import { createLLM } from "sluice";
import { latencyMs, simulated } from "./simulated.ts";

const spans = new InMemorySpanExporter();
telemetry.trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spans)] }));

await using provider = await simulated({ firstTokenMs: latencyMs / 40, faults: { "500": 0.3 } });
await using llm = createLLM({ model: "m", baseURL: provider.url, telemetry });
let retries = 0;
llm.on("call-retry", () => (retries += 1));
await llm.batch(Array.from({ length: 20 }, (_, index) => `Question ${index}`));

const counts = new Map<string, number>();
for (const { name } of spans.getFinishedSpans()) counts.set(name, (counts.get(name) ?? 0) + 1);
for (const [name, count] of [...counts].toSorted(([a], [b]) => (a < b ? -1 : 1))) console.log(`${name}: ${count}`);
console.log(`retries: ${retries > 0 ? "some" : "none"}`);
