/**
 * What the whole stack costs: calls per second through `createLLM`, against a bare undici loop on the same server in
 * the same run. Both run three times, alternating; the median counts, and only the ratio means anything on another machine.
 */
import { fork } from "node:child_process";
import { createLLM } from "sluice";
import { Pool } from "undici";

const calls = Number(process.env["CALLS"] ?? 20_000);
const concurrency = Number(process.env["CONCURRENCY"] ?? 64);
const request = { model: "fixed", messages: [{ role: "user", content: "Name three rivers" }] };

interface Measure {
  readonly perSecond: number;
  readonly cpuMicroseconds: number;
}

const measure = async (work: () => Promise<void>): Promise<Measure> => {
  const cpu = process.cpuUsage();
  const startedAt = performance.now();
  await work();
  const { user, system } = process.cpuUsage(cpu);
  return { perSecond: (calls / (performance.now() - startedAt)) * 1000, cpuMicroseconds: (user + system) / calls };
};

const bareLoop = async (origin: string): Promise<void> => {
  const pool = new Pool(origin, { connections: concurrency, pipelining: 1 });
  let left = calls;
  const loop = async (): Promise<void> => {
    while (left-- > 0) {
      const { body } = await pool.request({
        path: "/v1/chat/completions",
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(request),
      });
      await body.json();
    }
  };
  await Promise.all(Array.from({ length: concurrency }, loop));
  await pool.close();
};

const wholeStack = async (origin: string): Promise<void> => {
  await using llm = createLLM({ model: "fixed", baseURL: `${origin}/v1`, limits: { maxConcurrent: concurrency } });
  const prompts = Array.from({ length: calls }, () => "Name three rivers");
  for await (const result of llm.asCompleted(prompts)) if (!result.ok) throw result.error;
};

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;

const server = fork(new URL("./fixed-server.ts", import.meta.url), { execArgv: ["--import", "tsx"] });
const port = await new Promise<number>((resolve) => server.once("message", (message) => resolve(Number(message))));
const origin = `http://127.0.0.1:${port}`;
const bare: Measure[] = [];
const whole: Measure[] = [];
for (let round = 0; round < 4; round++) {
  const [first, second] = [await measure(() => bareLoop(origin)), await measure(() => wholeStack(origin))];
  // The first round warms up the compiler and the server.
  if (round === 0) continue;
  bare.push(first);
  whole.push(second);
}
server.disconnect();

const row = (name: string, measures: readonly Measure[]): string =>
  `${name.padEnd(22)} ${Math.round(median(measures.map(({ perSecond }) => perSecond)))
    .toLocaleString("en")
    .padStart(8)} calls/s   ${median(measures.map(({ cpuMicroseconds }) => cpuMicroseconds))
    .toFixed(0)
    .padStart(5)} µs CPU a call`;
const ratio = median(whole.map(({ cpuMicroseconds }, index) => cpuMicroseconds / (bare[index]?.cpuMicroseconds ?? 1)));

console.log(`${calls.toLocaleString("en")} calls, ${concurrency} at once, Node ${process.version}`);
console.log(row("bare undici loop", bare));
console.log(row("createLLM", whole));
console.log(`the whole stack costs ${ratio.toFixed(2)} times the CPU of the bare loop`);
