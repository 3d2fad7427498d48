import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { z } from "zod";
import type { Call } from "../../call/call.ts";
import type { Handler } from "../../call/handler.ts";
import type { Reply } from "../../call/reply.ts";
import { startSimulator } from "../../simulator/simulator.ts";
import { sleep } from "../../time/sleep.ts";
import { VirtualClock } from "../../time/virtual-clock.ts";
import { createLLM } from "../create-llm.ts";
import type { LLMOptions } from "../llm-options.ts";

const newFolder = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), "cache-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
};

const usage = { inputTokens: 4, outputTokens: 2, cachedTokens: 0, reasoningTokens: 0 };

const replyOf = (content: string): Reply => ({
  status: 200,
  body: { model: "m-1", choices: [{ index: 0, finish_reason: "stop", message: { role: "assistant", content } }] },
  usage,
  deployment: "test",
});

/** A client whose model gives these answers, one after the other, each after a second. */
const answering = (answers: readonly string[], options: LLMOptions) => {
  const clock = new VirtualClock();
  const asked: Call[] = [];
  const handler: Handler = async (call, context) => {
    const content = answers[Math.min(asked.length, answers.length - 1)] ?? "";
    asked.push(call);
    await sleep(context.clock, 1000, context.signal);
    return replyOf(content);
  };
  return { clock, asked, llm: createLLM({ model: "openai/m", handler, clock, rng: () => 0.5, ...options }) };
};

/** Real files take real time, in which the virtual clock is told to go on. */
const finished = async <T>(clock: VirtualClock, promise: Promise<T>): Promise<T> => {
  let done = false;
  promise.then(
    () => (done = true),
    () => (done = true),
  );
  while (!done) await clock.advance(100);
  return promise;
};

describe("createLLM, told to coalesce", () => {
  it("asks once for what is asked several times at once, and accounts for it once", async () => {
    const { clock, asked, llm } = answering(["hi"], { coalesce: true });
    const results = await clock.until(llm.batch(["a", "b", "a", { prompt: "a", priority: 3, stream: true }, "b"]));
    expect(asked).toHaveLength(2);
    const told = results.map((result) => [result.ok && result.value.reused, result.attempts]);
    expect(told).toEqual([
      [undefined, 1],
      [undefined, 1],
      ["coalesced", 0],
      ["coalesced", 0],
      ["coalesced", 0],
    ]);
    expect(results[2]).toMatchObject({ ok: true, value: { text: "hi", usage } });
    expect(llm.stats()).toMatchObject({ succeeded: 5, reused: 3, attempts: 2, unpricedCalls: 2 });
    expect(llm.stats().usage).toMatchObject({ inputTokens: 8, outputTokens: 4 });
    expect(llm.stats().work.groups.reduce((sum, { request }) => sum + request, 0)).toBe(2);
    expect(clock.armed).toBe(0);
  });

  it("ends each call by its own total time", async () => {
    const { clock, asked, llm } = answering(["hi"], { coalesce: true });
    const short = llm.chat("a", { timeout: { total: "300ms" } });
    const long = llm.chat("a");
    await expect(clock.until(short)).rejects.toMatchObject({ code: "timeout" });
    expect(clock.now()).toBe(300);
    expect((await clock.until(long)).text).toBe("hi");
    expect([clock.now(), asked.length]).toEqual([1000, 1]);
  });

  it("asks again for those who have more time than the first, when the first has too little", async () => {
    const { clock, asked, llm } = answering(["hi"], { coalesce: true, limits: { requestsPerMinute: 2 } });
    for (let call = 0; call < 2; call++) await clock.until(llm.chat(`before ${call}`));
    const startedAt = clock.now();
    const short = llm.chat("a", { id: "short", timeout: { total: "5s" } });
    const long = llm.chat("a", { id: "long" });
    await expect(clock.until(short)).rejects.toMatchObject({ code: "timeout", tooLate: true });
    expect(clock.now()).toBe(startedAt);
    expect((await clock.until(long)).text).toBe("hi");
    const ids = asked.map(({ id }) => id);
    expect([ids.includes("short"), ids.includes("long")]).toEqual([false, true]);
  });

  it("lets all of them have the answer that is in flight when the client is closed", async () => {
    const { clock, asked, llm } = answering(["hi"], { coalesce: true });
    const results = llm.batch(["a", "a", "a"]);
    await clock.advance(500);
    await clock.until(llm.close());
    expect((await results).map(({ ok }) => ok)).toEqual([true, true, true]);
    expect(asked).toHaveLength(1);
  });
});

describe("createLLM with a cache", () => {
  it("sends no request for what an earlier client was answered", async () => {
    const folder = join(await newFolder(), "answers");
    await using simulator = await startSimulator({ apiKey: "secret-key" });
    const make = () => createLLM({ model: "m", baseURL: simulator.url, apiKey: "secret-key", cache: folder });
    const prompts = Array.from({ length: 200 }, (_, index) => `Question ${index}`);
    const run = async () => {
      await using llm = make();
      const results = await llm.batch(prompts, { temperature: 0 });
      return {
        texts: results.map((result) => (result.ok ? result.value.text : result.error.code)),
        stats: llm.stats(),
      };
    };
    const first = await run();
    expect(simulator.ledger().received).toBe(200);
    const second = await run();
    expect(simulator.ledger().received).toBe(200);
    expect(second.texts).toEqual(first.texts);
    expect(second.stats).toMatchObject({ succeeded: 200, reused: 200, attempts: 0, unpricedCalls: 0 });
    expect(second.stats.usage).toMatchObject({ inputTokens: 0, outputTokens: 0 });
    await using other = make();
    await other.batch(prompts.slice(0, 3), { temperature: 1 });
    expect(simulator.ledger().received).toBe(203);
    const files = await readdir(folder, { recursive: true, withFileTypes: true });
    for (const file of files.filter((entry) => entry.isFile())) {
      const text = await readFile(join(file.parentPath, file.name), "utf8");
      expect(text).not.toMatch(/secret-key|authorization|temperature|bearer/i);
    }
  });

  it("gives a stream its text at once, and an SDK what it would have got", async () => {
    const folder = await newFolder();
    await using simulator = await startSimulator();
    await using llm = createLLM({ model: "m", baseURL: simulator.url, apiKey: "k", cache: folder });
    const { text } = await llm.chat("hi");
    const parts = [];
    for await (const part of llm.stream("hi")) parts.push(part.text);
    expect(parts).toEqual([text, ""]);
    expect(simulator.ledger().received).toBe(1);
    const body = JSON.stringify({ model: "m", messages: [{ role: "user", content: "hi" }] });
    const ask = async (): Promise<unknown> => {
      const headers = { "content-type": "application/json", authorization: "Bearer k" };
      const response = await llm.fetch(`${simulator.url}/chat/completions`, { method: "POST", headers, body });
      return response.json();
    };
    const answer = await ask();
    expect(await ask()).toEqual(answer);
    expect(simulator.ledger().received).toBe(2);
  });

  it("asks anew for a kept answer that does not fit its schema, which would never fit", async () => {
    const cache = await newFolder();
    const ask = async (answers: readonly string[]) => {
      const { llm, clock, asked } = answering(answers, { cache });
      const reply = llm.chat({ prompt: "x", schema: z.object({ a: z.number() }) });
      const outcome = await finished(clock, reply.then(({ object, reused }) => ({ object, reused })).catch(String));
      const { usage: used } = llm.stats();
      await finished(clock, llm.close());
      return { outcome, asked: asked.length, used: used.outputTokens };
    };
    expect(await ask(["no", "never"])).toMatchObject({ outcome: expect.stringContaining("schema"), asked: 2 });
    expect(await ask(['{"a":1}'])).toEqual({ outcome: { object: { a: 1 } }, asked: 1, used: 2 });
    expect(await ask([])).toEqual({ outcome: { object: { a: 1 }, reused: "cache" }, asked: 0, used: 0 });
  });

  it("accounts for the second question alone, when the first answer was kept and did not fit", async () => {
    const cache = await newFolder();
    const schema = z.object({ a: z.number() });
    const first = answering(["no"], { cache });
    const left = first.llm.submit("x", { schema });
    while (first.asked.length < 2) await first.clock.advance(100);
    left.cancel();
    await finished(first.clock, first.llm.close());
    const { llm, clock, asked } = answering(['{"a":2}'], { cache });
    const reply = await finished(clock, llm.chat({ prompt: "x", schema }));
    expect(reply).toMatchObject({ object: { a: 2 }, usage });
    expect(reply).not.toHaveProperty("reused");
    expect([asked.length, llm.stats().usage.outputTokens]).toEqual([1, 2]);
    await finished(clock, llm.close());
  });

  it("goes on without a folder that cannot be used, and warns once", async () => {
    const warnings = vi.spyOn(process, "emitWarning").mockImplementation(() => undefined);
    onTestFinished(() => warnings.mockRestore());
    const folder = join(await newFolder(), "a-file");
    await writeFile(folder, "");
    const { llm, clock } = answering(["hi"], { cache: folder });
    const results = await finished(clock, llm.batch(["a", "b", "c"]));
    await finished(clock, llm.close());
    expect(results.map(({ ok }) => ok)).toEqual([true, true, true]);
    expect(warnings.mock.calls.map(([message]) => message)).toEqual([
      expect.stringContaining(`The response cache in ${folder} does not work: ENOTDIR`),
    ]);
  });

  it("asks once for what is asked several times at once, when it coalesces, too", async () => {
    const { llm, clock, asked } = answering(["hi"], { cache: await newFolder(), coalesce: true });
    const results = await finished(clock, llm.batch(["a", "a", "a"]));
    expect(results.map((result) => result.ok && result.value.reused)).toEqual([undefined, "coalesced", "coalesced"]);
    const again = await finished(clock, llm.batch(["a", "a"]));
    expect(again.map((result) => result.ok && result.value.reused)).toEqual(["cache", "cache"]);
    expect(asked).toHaveLength(1);
    await finished(clock, llm.close());
  });

  it("asks anew what is older than it may be", async () => {
    const cache = { folder: await newFolder(), maxAge: "1h" } as const;
    const { llm, clock, asked } = answering(["hi"], { cache });
    await finished(clock, llm.chat("a"));
    await finished(clock, llm.chat("a"));
    expect(asked).toHaveLength(1);
    await clock.advance(3_700_000);
    await finished(clock, llm.chat("a"));
    expect(asked).toHaveLength(2);
    await finished(clock, llm.close());
  });

  it.each([
    [{ cache: "" }, /"cache" must name a folder/],
    [{ cache: {} }, /"cache" must name a folder/],
    [{ cache: true }, /"cache" must be an object, got true/],
    [{ cache: { folder: "x", maxage: 1 } }, /"cache" has no option "maxage".*Did you mean "maxAge"/],
    [{ cache: { folder: "x", maxBytes: 0.5 } }, /"cache.maxBytes" must be a whole number of at least 1, got 0.5/],
    [{ cache: { folder: "x", maxAge: "1d" } }, /"cache.maxAge"/],
    [{ coalesce: "yes" }, /"coalesce" must be true or false, got "yes"/],
  ])("refuses %j at once", (options, message) => {
    expect(() => createLLM({ model: "m", baseURL: "http://127.0.0.1:1", ...(options as LLMOptions) })).toThrow(message);
  });
});
