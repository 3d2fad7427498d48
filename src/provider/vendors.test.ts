import { describe, expect, it } from "vitest";
import { findVendor, vendorNames } from "./vendors.ts";

describe("findVendor", () => {
  it.each([
    ["openai", "https://api.openai.com/v1"],
    ["anthropic", "https://api.anthropic.com/v1"],
    ["gemini", "https://generativelanguage.googleapis.com/v1beta"],
    ["google", "https://generativelanguage.googleapis.com/v1beta"],
    ["qwen", "https://dashscope.aliyuncs.com/compatible-mode/v1"],
    ["alibaba", "https://dashscope.aliyuncs.com/compatible-mode/v1"],
    ["kimi", "https://api.moonshot.cn/v1"],
    ["minimax", "https://api.minimaxi.com/v1"],
    ["doubao", "https://ark.cn-beijing.volces.com/api/v3"],
    ["volcengine", "https://ark.cn-beijing.volces.com/api/v3"],
    ["OpenRouter", "https://openrouter.ai/api/v1"],
    ["ollama", "http://localhost:11434/v1"],
  ])("knows %s", (name, baseURL) => {
    expect(findVendor(name)?.baseURL).toBe(baseURL);
  });

  it("knows nothing of other names", () => {
    expect(findVendor("meta-llama")).toBeUndefined();
    expect(findVendor("constructor")).toBeUndefined();
  });

  it("finds every name of the list, at an address without a trailing slash, or in a variable", () => {
    for (const name of vendorNames.filter((item) => item !== "azure")) {
      expect(findVendor(name)?.baseURL).toMatch(/^https?:\/\/.*[^/]$/);
    }
    expect(findVendor("azure")).toMatchObject({ baseURL: "", baseURLVariable: "AZURE_OPENAI_ENDPOINT" });
  });

  it("gives no name or alias to two", () => {
    const names = vendorNames.flatMap((name) => [name, ...(findVendor(name)?.aliases ?? [])]);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toBe(name.toLowerCase());
  });

  it("knows whose models share one quota", () => {
    const shared = vendorNames.filter((name) => findVendor(name)?.quotaScope === "account");
    expect(shared).toEqual(["openrouter", "moonshot", "moonshot-intl", "ollama", "vllm", "sglang", "llamacpp"]);
  });

  it.each([
    ["openai", undefined],
    ["ark", undefined],
    ["deepseek", "json_object"],
    ["dashscope", "json_object"],
    ["moonshot", "json_object"],
    ["zhipu", "json_object"],
    ["siliconflow", "json_object"],
    ["minimax", "none"],
  ])("knows how %s is held to a schema", (name, structured) => {
    expect(findVendor(name)?.structured).toBe(structured);
  });

  it("names a key variable for every vendor that needs a key", () => {
    const keyless = vendorNames.filter((name) => findVendor(name)?.keyVariables.length === 0);
    expect(keyless).toEqual(["ollama", "vllm", "sglang", "llamacpp"]);
    for (const name of keyless) expect(findVendor(name)?.keyRequired).toBe(false);
  });

  it.each([
    ["openai", { output: "bound", kept: true }],
    ["azure", { output: "bound", kept: true }],
    ["moonshot", { output: "bound", kept: true }],
    ["cerebras", { output: "bound" }],
    ["anthropic", { output: "used" }],
    ["gemini", { output: "used" }],
    ["deepseek", { output: "used" }],
    ["ollama", { output: "used" }],
    ["vllm", { output: "used" }],
    ["groq", undefined],
  ])("knows how %s charges an answer", (name, charge) => {
    expect(findVendor(name)?.tokenCharge).toEqual(charge);
  });
});
