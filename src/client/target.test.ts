import { describe, expect, it } from "vitest";
import { resolveTarget } from "./target.ts";

const target = (provider: string, variables: Readonly<Record<string, string>>, baseURL?: string) =>
  resolveTarget(provider, { baseURL }, (name) => variables[name]);

const key = { AZURE_OPENAI_API_KEY: "k" };
const host = "https://res.openai.azure.com";

describe("Azure's target", () => {
  it("is made of the endpoint and the key in the environment", () => {
    const variables = { ...key, AZURE_OPENAI_ENDPOINT: `${host}/` };
    expect(target("azure", variables)).toMatchObject({
      baseURL: `${host}/openai/v1`,
      apiKey: "k",
      keySource: "AZURE_OPENAI_API_KEY",
    });
  });

  it.each([
    [host, undefined, `${host}/openai/v1`],
    [`${host}/openai/`, undefined, `${host}/openai/v1`],
    [`${host}/openai/v1`, undefined, `${host}/openai/v1`],
    [host, "2024-10-21", `${host}?api-version=2024-10-21`],
    [`${host}/openai`, "2024-10-21", `${host}?api-version=2024-10-21`],
    [`${host}/openai/v1/`, "2024-10-21", `${host}/openai/v1`],
    [`${host}/?api-version=preview`, "2024-10-21", `${host}/?api-version=preview`],
    ["https://gateway.example/azure", "2024-10-21", "https://gateway.example/azure"],
  ])("at %s, with the version %s, is %s", (baseURL, version, whole) => {
    const variables = { ...key, ...(version !== undefined && { OPENAI_API_VERSION: version }) };
    expect(target("azure", variables, baseURL).baseURL).toBe(whole);
  });

  it("needs an endpoint and a key, and says in which variables they were looked for", () => {
    expect(() => target("azure", key)).toThrow("No address for azure: set AZURE_OPENAI_ENDPOINT");
    expect(() => target("azure", { AZURE_OPENAI_ENDPOINT: host })).toThrow("looked in AZURE_OPENAI_API_KEY");
  });
});

describe("a target abroad", () => {
  it.each([
    ["moonshot", "https://api.moonshot.cn/v1", "MOONSHOT_API_KEY"],
    ["moonshot-intl", "https://api.moonshot.ai/v1", "MOONSHOT_API_KEY"],
    ["qwen-intl", "https://dashscope-intl.aliyuncs.com/compatible-mode/v1", "DASHSCOPE_API_KEY"],
    ["zai", "https://api.z.ai/api/paas/v4", "ZAI_API_KEY"],
    ["byteplus", "https://ark.ap-southeast.bytepluses.com/api/v3", "ARK_API_KEY"],
    ["siliconflow-intl", "https://api.siliconflow.com/v1", "SILICONFLOW_API_KEY"],
    ["minimax-intl", "https://api.minimax.io/v1", "MINIMAX_API_KEY"],
  ])("%s is %s, with the key in %s", (provider, baseURL, variable) => {
    expect(target(provider, { [variable]: "k" })).toMatchObject({ baseURL, apiKey: "k", keySource: variable });
  });
});
