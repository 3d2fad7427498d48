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
