import { fork } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { CallError } from "../../../src/call/call-error.ts";
import { createLLM } from "../../../src/client/create-llm.ts";
import type { Limits } from "../../../src/limit/limits.ts";
import type { Ledger, SimulatorOptions } from "../../../src/simulator/simulator.ts";
import { type ChatCall, drawCalls } from "../chat-calls.ts";
import type { KnownLimit } from "../known-limit.ts";
import type { ServerWorld } from "../server-worlds.ts";
import type { RealCase } from "./real-cases.ts";
import { type ServerShare, serverShare } from "./server-share.ts";
import { fillerText } from "../../../test/fixtures/filler-text.ts";

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
  { name, world, isTold, peer }: RealCase,
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
  const startedAt = performance.now();
  const endMs = startMs + minutes * 60_000;
  const isOver = (): boolean => performance.now() - startedAt > endMs + marginMs;
  let lost = 0;
  const cpu = process.cpuUsage();
  const calls = untilOver(drawCalls(world.law, Infinity, seed + 1), isOver);
  const demand: RealDemand = { baseURL: String(baseURL), calls, lost: () => void lost++ };
  if (peer === undefined) await runSluice(demand, isTold ? world.known.limits : {});
  else
    await Promise.race([peer({ ...demand, known: knownHere(world), attempt: post(demand) }), sleep(endMs + marginMs)]);
  const { user, system } = process.cpuUsage(cpu);
  const response = await fetch(new URL("/ledger", String(baseURL)));
  const ledger = (await response.json()) as Ledger;
  server.disconnect();
  const share = serverShare(ledger, world, { startMs, endMs });
  return { name, ...share, lost, cpu: (user + system) / 1000 / (performance.now() - startedAt) };
};

interface RealDemand {
  readonly baseURL: string;
  readonly calls: Iterable<ChatCall>;
  readonly lost: () => void;
}

const runSluice = async ({ baseURL, calls, lost }: RealDemand, limits: Limits): Promise<void> => {
  await using llm = createLLM({ model: "simulated", baseURL, apiKey: "none", limits });
  for await (const { ok } of llm.map(calls, promptOf, inAnyOrder)) if (!ok) lost();
};

/** One attempt as any program would make it; a refusal carries what the server says of the wait. */
const post =
  ({ baseURL }: RealDemand) =>
  async (call: ChatCall): Promise<void> => {
    const body = JSON.stringify({ model: "simulated", messages: [{ role: "user", content: promptOf(call) }] });
    const headers = { "content-type": "application/json", authorization: "Bearer none" };
    const response = await fetch(`${baseURL}/chat/completions`, { method: "POST", headers, body });
    await response.arrayBuffer();
    if (response.ok) return;
    const retryAfterMs = Number(response.headers.get("retry-after-ms") ?? 1000);
    throw new CallError("throttled", "Refused", { status: response.status, retryAfterMs });
  };

/** The others are told the mean of these answers, whose lengths vary less than those of real chat. */
const knownHere = ({ known }: ServerWorld): KnownLimit => ({
  ...known,
  meanCall: { ...known.meanCall, output: medianOutput * Math.exp(outputSigma ** 2 / 2) },
});

/** Of the answers of real chat. */
const medianOutput = Math.round(Math.exp(5.019));
/** The simulator's own. */
const outputSigma = 0.4;
/** The first minute counts for nothing. */
const startMs = 60_000;
/** Demand ends only after what is measured. */
const marginMs = 2000;
const inAnyOrder = { order: "completion" } as const;

const text = fillerText(2 ** 18);
const frameTokens = 7;

const promptOf = ({ input }: ChatCall): string => text.slice(0, 4 * Math.max(1, input - frameTokens));

const untilOver = function* <T>(items: Iterable<T>, isOver: () => boolean): Generator<T> {
  for (const item of items) {
    if (isOver()) return;
    yield item;
  }
};
