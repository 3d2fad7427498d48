import { describe, expect, it } from "vitest";
import type { RunFlags } from "./run-flags.ts";
import { planRun, type RunPlan } from "./run-plan.ts";

const plan = (
  flags: RunFlags,
  {
    variables = {},
    words = [],
    input = "in.jsonl",
  }: { variables?: Record<string, string>; words?: string[]; input?: string } = {},
): Promise<RunPlan> => planRun({ input, flags, words, environment: (name) => variables[name] });

const local = { model: "m", baseUrl: "http://localhost:8000/v1" };

describe("the plan of a run", () => {
  it("waits as long as it takes, and lets retries wait for their budget", async () => {
    const { client } = await plan(local);
    expect(client.timeout).toEqual({ total: "none" });
    expect(client.retry).toEqual({ onEmptyBudget: "wait" });
    expect(client.limits).toEqual({});
  });

  it("takes limits, retries and timeouts from their flags", async () => {
    const { client } = await plan({
      ...local,
      concurrency: "50",
      rpm: "8/s",
      tpm: "200k",
      retries: "0",
      timeout: "2m",
      timeoutIdle: "20s",
      timeoutTotal: "1h",
    });
    expect(client.limits).toEqual({ maxConcurrent: 50, requestsPerMinute: 480, tokensPerMinute: 200_000 });
    expect(client.retry).toEqual({ onEmptyBudget: "wait", retries: 0 });
    expect(client.timeout).toEqual({ total: 3_600_000, attempt: 120_000, idle: 20_000 });
  });

  it("takes quotas of every kind, bounds on the concurrency, and what to do when a quota is used up", async () => {
    const { client } = await plan({
      ...local,
      concurrency: "2-40",
      itpm: "400k",
      otpm: "2k/s",
      rpd: "10k",
      tpd: "50M",
      onQuota: "wait",
    });
    expect(client.limits).toEqual({
      maxConcurrent: { min: 2, max: 40 },
      inputTokensPerMinute: 400_000,
      outputTokensPerMinute: 120_000,
      requestsPerDay: 10_000,
      tokensPerDay: 50_000_000,
    });
    expect(client.retry).toEqual({ onEmptyBudget: "wait", onQuota: "wait" });
    await expect(plan({ ...local, rpd: "10k/d" })).rejects.toThrow("--rpd must be a count");
    await expect(plan({ ...local, onQuota: "no" })).rejects.toThrow("--on-quota must be fail or wait");
  });

  it("marks CSV for Excel where the terminal speaks Chinese, unless told otherwise", async () => {
    expect((await plan(local)).file).not.toHaveProperty("csvBom");
    const variables = { LANG: "zh_CN.UTF-8" };
    expect((await plan(local, { variables })).file).toHaveProperty("csvBom", true);
    expect((await plan({ ...local, csvBom: false }, { variables })).file).toHaveProperty("csvBom", false);
  });

  it("makes the last stragglers a second time only when asked to", async () => {
    expect((await plan(local)).client).not.toHaveProperty("hedge");
    expect((await plan({ ...local, hedge: true })).client).toHaveProperty("hedge", true);
  });

  it("leaves the order and the output bound open unless they are given", async () => {
    const { file } = await plan(local);
    expect(file).not.toHaveProperty("order");
    expect(file).not.toHaveProperty("maxOutputTokens");
    expect((await plan({ ...local, sendOrder: "input" })).file.sendOrder).toBe("input");
    await expect(plan({ ...local, sendOrder: "shortest" })).rejects.toThrow(
      '--send-order must be longest-first or input, got "shortest"',
    );
  });

  it("gives rows a bound of the output, or lets the client learn one", async () => {
    const bounded = await plan({ ...local, maxTokens: "4k" });
    expect(bounded.file.maxOutputTokens).toBe(4000);
    expect(bounded.client).not.toHaveProperty("maxOutputTokens");
    const learned = await plan({ ...local, maxTokens: "auto" });
    expect(learned.file).not.toHaveProperty("maxOutputTokens");
    expect(learned.client).toHaveProperty("maxOutputTokens", "auto");
    await expect(plan({ ...local, maxTokens: "some" })).rejects.toThrow(
      '--max-tokens must be a count such as 500 or 4k, or auto, got "some"',
    );
  });

  it("shows a key only masked, with the variable that it came from", async () => {
    const variables = { SLUICE_API_KEY: "sk-0123456789abcdef" };
    const { target, file } = await plan(local, { variables });
    expect(target).toMatchObject({ keyMask: "sk-…cdef", keySource: "SLUICE_API_KEY" });
    expect(file.keyMask).toBe("sk-…cdef");
  });

  it("refuses a provider without a key, and names those that have one", async () => {
    await expect(plan({ model: "openai/gpt-5-mini" }, { variables: { GROQ_API_KEY: "gsk_1" } })).rejects.toThrow(
      /no API key for openai\n {2}looked in {2}OPENAI_API_KEY\n.*\n.*groq/,
    );
  });

  it("refuses a model without a provider or an address", async () => {
    await expect(plan({ model: "gpt-5-mini" })).rejects.toThrow('the model "gpt-5-mini" names no provider');
    await expect(plan({ model: "m", baseUrl: "localhost" })).rejects.toThrow("base URL");
  });

  it("leaves the model to the rows when nobody names one, and checks the first row's", async () => {
    const { checkModel } = await plan({ baseUrl: local.baseUrl });
    expect(() => checkModel?.(undefined)).toThrow(/no model: .*\n {2}fix {8}-m NAME/);
    expect(() => checkModel?.("own")).not.toThrow();
    const { checkModel: withoutAddress } = await plan({});
    expect(() => withoutAddress?.("gpt-5-mini")).toThrow("names no provider");
    await expect(plan({ overrideModel: true, baseUrl: local.baseUrl })).rejects.toThrow(
      "--override-model needs a model",
    );
  });

  it("knows the command that goes on, without --fresh, quoted for a shell", async () => {
    const words = ["run", "in.jsonl", "-p", "Say 'hi' to {{name}}", "--fresh"];
    expect((await plan(local, { words })).command).toBe(`sluice run in.jsonl -p 'Say '\\''hi'\\'' to {{name}}'`);
    expect((await plan({ ...local, output: "-" }, { words })).command).toBeUndefined();
    expect((await plan({ ...local, output: "o.jsonl" }, { words: ["run", "-"], input: "-" })).command).toBe(
      "… | sluice run -",
    );
  });

  it("sends results of standard input to standard output", async () => {
    expect((await plan(local, { input: "-" })).output).toBe("-");
    expect((await plan(local)).output).toBe("in.out.jsonl");
  });
});
