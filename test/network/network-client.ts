import process from "node:process";
import { afterAll, beforeAll, expect, vi } from "vitest";
import type { CallError } from "../../src/call/call-error.ts";
import type { Result } from "../../src/call/result.ts";
import type { ChatReply } from "../../src/client/chat-reply.ts";
import { createLLM } from "../../src/client/create-llm.ts";
import type { LLMOptions } from "../../src/client/llm-options.ts";
import type { LLM } from "../../src/client/llm.ts";

/** The key of all clients here; it must be seen nowhere but in requests. */
export const canaryKey = "sk-canary-0a1b2c3d4e5f6a7b8c9d";

/** The prompt of all calls here. */
export const canaryPrompt = "the canary's prompt";

/** A client with short clocks that makes one attempt, unless told otherwise. */
export const clientAt = (baseURL: string, options: LLMOptions = {}): LLM =>
  createLLM({
    model: "openai/m",
    baseURL,
    apiKey: canaryKey,
    retry: { retries: 0, maxThrottles: 0 },
    breaker: false,
    timeout: { attempt: "12s", firstContent: "10s", idle: "5s" },
    ...options,
  });

/** Fails when something is not over in time: nothing here may hang. */
export const within = async <T>(ms: number, what: Promise<T>): Promise<T> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`Not over after ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([what, late]);
  } finally {
    clearTimeout(timer);
  }
};

/** Asks once and closes the client. */
export const asked = async (baseURL: string, stream: boolean, options?: LLMOptions): Promise<Result<ChatReply>> => {
  await using llm = clientAt(baseURL, options);
  const [result] = await within(15_000, llm.batch([{ prompt: canaryPrompt, stream }]));
  return result ?? expect.fail();
};

/** The failure of a call that must fail, with the key nowhere in it. */
export const failureOf = (result: Result<ChatReply>): CallError => {
  if (result.ok) return expect.fail(`It succeeded: ${JSON.stringify(result.value.body)}`);
  const told = JSON.stringify([
    result.error.message,
    result.error.body,
    String(result.error.cause),
    result.error.stack,
  ]);
  expect(told).not.toContain(canaryKey);
  return result.error;
};

/** Expects that what a file opens is closed again at its end: sockets, servers and timers. */
export const expectNothingLeft = (): void => {
  const counted = (): string[] =>
    process
      .getActiveResourcesInfo()
      .filter((name) => /^(?:TCP|Timeout)/.test(name))
      .toSorted();
  let before: string[] = [];
  beforeAll(() => void (before = counted()));
  afterAll(() => vi.waitFor(() => expect(counted()).toSatisfy(isWithin(before)), { timeout: 5000, interval: 30 }));
};

/** Vitest's own clocks come and go. */
const isWithin =
  (before: readonly string[]) =>
  (now: readonly string[]): boolean =>
    ["TCPSocketWrap", "TCPServerWrap", "Timeout"].every((name) => {
      const spare = name === "Timeout" ? 2 : 0;
      return countOf(now, name) <= countOf(before, name) + spare;
    });

const countOf = (names: readonly string[], name: string): number => names.filter((each) => each === name).length;
