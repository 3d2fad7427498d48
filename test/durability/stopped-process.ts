import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { expect, type TestContext } from "vitest";
import { clockProcess } from "./clock-process.ts";

const answer = JSON.stringify({
  choices: [{ index: 0, message: { role: "assistant", content: "a" }, finish_reason: "stop" }],
  usage: { prompt_tokens: 1, completion_tokens: 1 },
});

/** Runs a child that makes calls, stops it for so long, and checks that its calls noticed nothing. */
export const stopped = async (test: Pick<TestContext, "onTestFinished">, stoppedMs: number): Promise<void> => {
  const calls = 80;
  const perMinute = 960;
  const attemptMs = 8000;
  const arrivedAt: number[] = [];
  let resumedAt = Infinity;
  const connected: number[] = [];
  const held: (() => void)[] = [];
  const server = createServer((request, response) => {
    arrivedAt.push(performance.now());
    request.resume();
    const end = (): void => void response.setHeader("content-type", "application/json").end(answer);
    // What came before the stop is answered a little after it: by the machine's clock each would have timed out.
    if (resumedAt === Infinity) held.push(end);
    else end();
  });
  // A request that was on its way when the process was stopped is not given up by the server.
  server.headersTimeout = 0;
  server.requestTimeout = 0;
  server.on("connection", () => connected.push(performance.now()));
  test.onTestFinished(() => void server.close());
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const baseURL = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
  const plan = { baseURL, calls, requestsPerMinute: perMinute, attemptMs };
  const { child, started, report } = clockProcess(test, { ...plan, firstTokenMs: 0, idleMs: 500 });
  await started;
  while (held.length < 6) await pause(5);
  child.kill("SIGSTOP");
  await pause(stoppedMs);
  child.kill("SIGCONT");
  resumedAt = performance.now();
  await pause(500);
  for (const end of held) end();
  const told = await report;
  expect(held.length).toBeLessThan(calls);
  expect(told).toMatchObject({ ok: calls, codes: [], retried: [] });
  expect(told.shortestMs).toBeGreaterThanOrEqual(0);
  expect(arrivedAt.length).toBeGreaterThanOrEqual(calls);
  // Nothing is caught up on: the time that was slept through would have let all of them start at once.
  const soon = arrivedAt.filter((at) => at >= resumedAt && at < resumedAt + 1000).length;
  expect(soon).toBeLessThanOrEqual((3 * perMinute) / 60);
  expect(connected.some((at) => at > resumedAt)).toBe(true);
};
