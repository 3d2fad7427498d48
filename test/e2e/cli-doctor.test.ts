import { writeFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { desertedOrigin, serve } from "../fixtures/http-server.ts";
import { localProxy } from "../fixtures/local-proxy.ts";
import { folder, provider, sluice } from "./cli.ts";

const key = "sk-0123456789abcdef-a1f3";

describe("sluice doctor", () => {
  it("finds nothing broken where all is well", async () => {
    const [{ url }, at] = [await provider({ apiKey: key }), await folder()];
    const environment = { SLUICE_API_KEY: key, SLUICE_CACHE: "", XDG_CACHE_HOME: at("cache") };
    const { code, stdout, stderr } = await sluice(["doctor", "--base-url", url], { environment });
    expect(code).toBe(0);
    expect(stderr).toBe("");
    expect(stdout).toMatch(/^✓ node +\d+\./m);
    expect(stdout).toMatch(/^✓ custom key +sk-…a1f3 from SLUICE_API_KEY$/m);
    expect(stdout).toMatch(/^✓ custom proxy +none/m);
    expect(stdout).toMatch(/^✓ custom address +127\.0\.0\.1$/m);
    expect(stdout).toMatch(/^✓ custom answer +200 in \d+ms$/m);
    expect(stdout).toMatch(/^✓ clock +right$/m);
    expect(stdout).toContain(`✓ cache            ${at("cache/sluice")}\n`);
    expect(stdout).toMatch(/nothing is broken\n$/);
    expect(stdout).not.toContain("0123456789");
  });

  it("says how to begin when there is no key at all, in Chinese where that is spoken", async () => {
    const { code, stdout } = await sluice(["doctor"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^! keys +no key.*\n {4}fix {2}sluice demo needs none/m);
    const chinese = await sluice(["doctor"], { environment: { LANG: "zh_CN.UTF-8" } });
    expect(chinese.stdout).toMatch(/^! 密钥 +没有设置.*\n {4}解决 {2}sluice demo/m);
  });

  it("exits with 4 for a key that is refused, and keeps to ASCII when told to", async () => {
    const { url } = await provider({ apiKey: "sk-another" });
    const environment = { SLUICE_API_KEY: key };
    const { code, stdout } = await sluice(["doctor", "--base-url", url, "--ascii"], { environment });
    expect(code).toBe(4);
    expect(stdout).toMatch(/^x {2}custom answer +custom answered 401.*\n {4}fix {2}make a key/m);
    expect(stdout).toMatch(/^[\n -~]*$/);
  });

  it("exits with 3 for whatever else is broken, each with a way to mend it", async () => {
    const nobody = await sluice(["doctor", "--base-url", await desertedOrigin()]);
    expect(nobody.stdout).toMatch(/^✗ custom answer .*ECONNREFUSED.*\n {4}fix {2}is the server running/m);
    const unnamed = await sluice(["doctor", "--base-url", "http://nowhere.invalid/v1"]);
    expect(unnamed.stdout).toMatch(/^✗ custom address +the name nowhere\.invalid is not found.*\n {4}fix /m);
    expect(unnamed.stdout).not.toContain("custom answer");
    const missing = await sluice(["doctor", "-m", "groq/x"]);
    expect(missing.stdout).toMatch(/^✗ groq key +no API key for groq\n {4}fix {2}export GROQ_API_KEY=…/m);
    const environment = { SLUICE_API_KEY: "sk-with a space in it" };
    const spaced = await sluice(["doctor", "--base-url", await desertedOrigin()], { environment });
    expect(spaced.stdout).toMatch(/^✗ custom key .*a space.*\n {4}fix {2}export SLUICE_API_KEY/m);
    const homeless = await sluice(["doctor"], { environment: { AZURE_OPENAI_API_KEY: key } });
    expect(homeless.stdout).toMatch(/^✗ azure address .*\n {4}fix {2}export AZURE_OPENAI_ENDPOINT=/m);
    const codes = [nobody, unnamed, missing, spaced, homeless].map(({ code }) => code);
    expect(codes).toEqual([3, 3, 3, 3, 3]);
  });

  it("warns of a wrong clock and a cache that cannot be written, which break nothing", async () => {
    const at = await folder();
    await writeFile(at("file"), "");
    const origin = await serve((_, response) => {
      response.writeHead(404, { date: new Date(Date.now() - 600_000).toUTCString() });
      response.end();
    });
    const environment = { SLUICE_CACHE: "", XDG_CACHE_HOME: at("file") };
    const { code, stdout } = await sluice(["doctor", "--base-url", origin], { environment });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^✓ custom answer +reachable in \d+ms; it has no list of models \(404\)$/m);
    expect(stdout).toMatch(/^! clock +(?:599|600|601) s ahead of the server's\n {4}fix {2}set the clock/m);
    expect(stdout).toMatch(/^! cache +.*cannot be written.*\n {4}fix /m);
  });

  it("names the proxy without its password, and goes through it", async () => {
    const { port } = await provider();
    const proxy = await localProxy(port);
    const environment = { HTTP_PROXY: proxy.address.replace("//", "//me:secret@") };
    const { code, stdout } = await sluice(["doctor", "--base-url", "http://llm.test/v1"], { environment });
    expect(code).toBe(0);
    expect(stdout).toContain(`through ${proxy.address}\n`);
    expect(stdout).not.toContain("secret");
    expect(proxy.asked).toEqual(["llm.test:80"]);
    const refused = await sluice(["doctor", "--base-url", "http://llm.test/v1"], {
      environment: { HTTP_PROXY: (await localProxy()).address },
    });
    expect(refused.stdout).toMatch(/^✗ custom answer .*\n {4}fix {2}the proxy refuses this address/m);
    const wrong = await sluice(["doctor"], { environment: { HTTPS_PROXY: "ht tp://x" } });
    expect([refused.code, wrong.code]).toEqual([3, 2]);
  });

  it("tells programs the same as JSON", async () => {
    const { stdout } = await sluice(["doctor", "--base-url", await desertedOrigin(), "--json"]);
    const { healthy, checks } = JSON.parse(stdout) as { healthy: boolean; checks: object[] };
    expect(healthy).toBe(false);
    expect(checks).toContainEqual(expect.objectContaining({ provider: "custom", topic: "answer", state: "broken" }));
  });

  it("refuses a provider that it does not know", async () => {
    const { code, stderr } = await sluice(["doctor", "-m", "opnai/x"]);
    expect(stderr).toContain("did you mean openai/x?");
    expect(code).toBe(2);
  });
});
