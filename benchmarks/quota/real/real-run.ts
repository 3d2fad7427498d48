import { fork } from "node:child_process";
import { once } from "node:events";
import { createLLM } from "../../../src/client/create-llm.ts";
import type { Ledger, SimulatorOptions } from "../../../src/simulator/simulator.ts";
import { type ChatCall, drawCalls } from "../chat-calls.ts";
import type { RealCase } from "./real-cases.ts";
import { type ServerShare, serverShare } from "./server-share.ts";

/** What came of a real run. */
export interface RealResult extends ServerShare {
  readonly name: string;
  /** Calls that failed for good. */
  readonly lost: number;
  /** Of the client's process, from 0 to 1 of a processor. */
  readonly cpu: number;
}

/** How a real run is made. */
export interface RealOptions {
  readonly minutes: number;
  readonly seed: number;
}

/** Endless demand over HTTP on a server of its own process, for a first minute and those that count. */
export const realRun = async (
  { name, world, isTold }: RealCase,
  { minutes, seed }: RealOptions,
): Promise<RealResult> => {
  const server = fork(new URL("./real-server.ts", import.meta.url), { execArgv: ["--import", "tsx"] });
  server.send({
    ...world.options,
    seed,
    firstTokenMs: 500,
    tokenMs: 15,
    outputTokens: medianOutput,
  } satisfies SimulatorOptions);
  const [baseURL] = await once(server, "message");
  const limits = isTold ? world.known.limits : {};
  const llm = createLLM({ model: "simulated", baseURL: String(baseURL), apiKey: "none", limits });
  const startedAt = performance.now();
  const endMs = startMs + minutes * 60_000;
  const isOver = (): boolean => performance.now() - startedAt > endMs + marginMs;
  let lost = 0;
  const cpu = process.cpuUsage();
  for await (const { ok } of llm.map(
    untilOver(drawCalls(world.law, Infinity, seed + 1), isOver),
    promptOf,
    inAnyOrder,
  )) {
    if (!ok) lost++;
  }
  const { user, system } = process.cpuUsage(cpu);
  const response = await fetch(new URL("/ledger", String(baseURL)));
  const ledger = (await response.json()) as Ledger;
  await llm.close();
  server.disconnect();
  const share = serverShare(ledger, world, { startMs, endMs });
  return { name, ...share, lost, cpu: (user + system) / 1000 / (performance.now() - startedAt) };
};

/** Of the answers of real chat. */
const medianOutput = Math.round(Math.exp(5.019));
/** The first minute counts for nothing. */
const startMs = 60_000;
/** Demand ends only after what is measured. */
const marginMs = 2000;
const inAnyOrder = { order: "completion" } as const;

const text = "word".repeat(2 ** 16);
const frameTokens = 7;

const promptOf = ({ input }: ChatCall): string => text.slice(0, 4 * Math.max(1, input - frameTokens));

const untilOver = function* <T>(items: Iterable<T>, isOver: () => boolean): Generator<T> {
  for (const item of items) {
    if (isOver()) return;
    yield item;
  }
};
