import { describe, expect, it } from "vitest";
import { desertedOrigin, serve } from "../fixtures/http-server.ts";
import { provider, sluice, start } from "./cli.ts";

const key = "sk-0123456789abcdef-a1f3";

describe("sluice models", () => {
  it("lists the known providers, with where their keys are looked for and which is there", async () => {
    const { code, stdout, stderr } = await sluice(["models"], { environment: { DEEPSEEK_API_KEY: key } });
    expect(code).toBe(0);
    expect(stderr).toBe("");
    expect(stdout).toMatch(/^deepseek +https:\/\/api\.deepseek\.com +✓ DEEPSEEK_API_KEY sk-…a1f3 +chat messages$/m);
    expect(stdout).toMatch(/^openai +https:\/\/api\.openai\.com\/v1 +– OPENAI_API_KEY +chat$/m);
    expect(stdout).not.toContain("0123456789");
  });

  it("lists only what the filter names, for programs and in Chinese, too", async () => {
    const { stdout } = await sluice(["models", "kimi", "--json"]);
    expect((JSON.parse(stdout) as { name: string }[]).map(({ name }) => name)).toEqual(["moonshot", "moonshot-intl"]);
    const chinese = await sluice(["models", "kimi"], { environment: { LANG: "zh_CN.UTF-8" } });
    expect(chinese.stdout).toMatch(/^服务商 +地址 +密钥 +格式\n/);
    const none = await sluice(["models", "nothing-like-it"]);
    expect(none.stderr).toMatch(/^error: no known provider has "nothing-like-it"/);
    expect(none.code).toBe(2);
  });

  it("lists what a server offers", async () => {
    const { url } = await provider({ apiKey: key });
    const environment = { SLUICE_API_KEY: key };
    const { code, stdout, stderr } = await sluice(["models", "mini", "--live", "--base-url", url], { environment });
    expect(code).toBe(0);
    expect(stdout).toBe("model\nsimulated-mini\n");
    expect(stderr).toBe("1 of 2 models\n");
    const json = await sluice(["models", "--live", "-m", "openai", "--base-url", url, "--json"], { environment });
    expect(JSON.parse(json.stdout)).toEqual([
      { id: "simulated", context_tokens: null },
      { id: "simulated-mini", context_tokens: null },
    ]);
  });

  it("is quiet when its reader leaves", async () => {
    const running = start(["models"]);
    running.child.stdout?.destroy();
    expect(await running.finished).toMatchObject({ code: 0, stderr: "" });
  });
});

describe("a list of models that does not come", () => {
  it("needs somebody to ask, and a key", async () => {
    const nobody = await sluice(["models", "--live"]);
    expect(nobody.stderr).toMatch(/^error: --live needs to know whom to ask\n/);
    const missing = await sluice(["models", "--live", "-m", "groq"]);
    expect(missing.stderr).toMatch(/^error: no API key for groq\n/);
    const unknown = await sluice(["models", "--live", "-m", "opnai"]);
    expect(unknown.stderr).toContain("did you mean openai/");
    expect([nobody.code, missing.code, unknown.code]).toEqual([2, 2, 2]);
  });

  it("says whose fault it is: the key's with 4, else 3", async () => {
    const { url } = await provider({ apiKey: "sk-another" });
    const environment = { SLUICE_API_KEY: key };
    const refused = await sluice(["models", "--live", "--base-url", url], { environment });
    expect(refused.stderr).toMatch(/^error: auth: /);
    const nobody = await sluice(["models", "--live", "--base-url", await desertedOrigin()]);
    expect(nobody.stderr).toMatch(/^error: network: .*ECONNREFUSED/);
    const page = await serve((_, response) => response.end("<html>"));
    const strange = await sluice(["models", "--live", "--base-url", page]);
    expect(strange.stderr).toMatch(/^error: malformed: /);
    expect([refused.code, nobody.code, strange.code]).toEqual([4, 3, 3]);
  });
});
