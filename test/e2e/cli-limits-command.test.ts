import { describe, expect, it } from "vitest";
import { desertedOrigin } from "../fixtures/http-server.ts";
import { folder, provider, sluice } from "./cli.ts";

describe("sluice limits", () => {
  it("shows what the flags say without a request, and that nobody knows the rest", async () => {
    const simulator = await provider({ requestsPerMinute: 600 });
    const command = ["limits", "m", "--base-url", simulator.url, "--rpm", "500", "-j", "20"];
    const { code, stdout, stderr } = await sluice(command);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^limit +value +source +used now +binding\n/);
    expect(stdout).toMatch(/^concurrency +20 +-j 20 +0 \(0%\)$/m);
    expect(stdout).toMatch(/^requests per minute +500 +--rpm 500 +0 \(0%\)$/m);
    expect(stdout).toMatch(/^tokens per minute +none known +not set/m);
    expect(stderr).toContain("--probe");
    expect(simulator.ledger().received).toBe(0);
  });

  it("shows with --probe what the provider says, and remembers it", async () => {
    const [simulator, at] = [await provider({ requestsPerMinute: 600, tokensPerMinute: 90_000 }), await folder()];
    const environment = { SLUICE_CACHE: "", XDG_CACHE_HOME: at("cache") };
    const command = ["limits", "m", "--base-url", simulator.url];
    const probed = await sluice([...command, "--probe"], { environment });
    expect(probed.code).toBe(0);
    expect(probed.stdout).toMatch(/^requests per minute +600 +the provider's headers +1 \(0%\) +←$/m);
    expect(probed.stdout).toMatch(/^tokens per minute +90,000 +the provider's headers/m);
    expect(simulator.ledger()).toMatchObject({ received: 1, entries: [{ prompt: "hi", completionTokens: 1 }] });
    const later = await sluice([...command, "--json"], { environment });
    expect((JSON.parse(later.stdout) as { limits: unknown[] }).limits).toMatchObject([
      { name: "maxConcurrent", source: "auto" },
      { name: "requestsPerMinute", value: 600, source: "remembered", remembered_ms: expect.any(Number) as number },
      { name: "tokensPerMinute", value: 90_000, source: "remembered" },
    ]);
    const chinese = await sluice(command, { environment: { ...environment, LANG: "zh_CN.UTF-8" } });
    expect(chinese.stdout).toMatch(/^每分钟请求数 +600 +来自之前的运行/m);
    expect(simulator.ledger().received).toBe(1);
  });

  it("says why a probe failed: a refused key with 4, else 3", async () => {
    const { url } = await provider({ apiKey: "sk-another" });
    const refused = await sluice(["limits", "m", "--base-url", url, "--probe"]);
    expect(refused.stderr).toMatch(/^error: auth: /);
    const nobody = await sluice(["limits", "m", "--base-url", await desertedOrigin(), "--probe"]);
    expect(nobody.stderr).toMatch(/^error: network: /);
    expect([refused.code, nobody.code]).toEqual([4, 3]);
  });

  it("is refused without a model, and for a limit that is none", async () => {
    const none = await sluice(["limits"]);
    expect(none.stderr).toMatch(/^error: no model was named\n/);
    const wrong = await sluice(["limits", "m", "--base-url", "http://127.0.0.1:1/v1", "--rpm", "many"]);
    expect(wrong.stderr).toMatch(/^error: --rpm/);
    expect([none.code, wrong.code]).toEqual([2, 2]);
  });
});
