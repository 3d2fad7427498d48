import { createServer } from "node:http";
import { open, writeFile } from "node:fs/promises";
import process from "node:process";
import { describe, expect, it, onTestFinished } from "vitest";
import { desertedOrigin, listen } from "../fixtures/http-server.ts";
import { localProxy } from "../fixtures/local-proxy.ts";
import { folder, provider, sluice, start, until } from "./cli.ts";

const key = "sk-0123456789abcdef-a1f3";

/** What the last request of a chat asks for, and an answer to it. */
const recorded = async (): Promise<{ readonly url: string; readonly bodies: readonly object[] }> => {
  const bodies: object[] = [];
  const server = createServer((request, response) => {
    let text = "";
    request.on("data", (piece) => (text += piece));
    request.on("end", () => {
      bodies.push(JSON.parse(text) as object);
      const choice = { index: 0, message: { role: "assistant", content: "fine" }, finish_reason: "stop" };
      response.writeHead(200, { "content-type": "application/json" });
      response.end(JSON.stringify({ model: "m-1", choices: [choice] }));
    });
  });
  return { url: `${await listen(server)}/v1`, bodies };
};

describe("sluice ask", () => {
  it("streams the answer to stdout, with a newline at its end and nothing else anywhere", async () => {
    const { url } = await provider();
    const { code, stdout, stderr } = await sluice(["ask", "name", "rivers", "-m", "m", "--base-url", url]);
    expect(stdout).toMatch(/^Echo: name rivers [^\n]+\n$/);
    expect(stderr).toBe("");
    expect(code).toBe(0);
  });

  it("asks with all that the flags and stdin say", async () => {
    const [{ url, bodies }, at] = [await recorded(), await folder()];
    await writeFile(at("system.md"), "Be brief.\n");
    const flags = [
      "-m",
      "m",
      "--base-url",
      url,
      "-s",
      `@${at("system.md")}`,
      "-P",
      "temperature=0",
      "--max-tokens",
      "4k",
    ];
    const asked = await sluice(["ask", "sum up:", "--no-stream", ...flags], { stdin: "a\nb\n" });
    expect(asked).toMatchObject({ code: 0, stdout: "fine\n" });
    expect(bodies).toEqual([
      {
        model: "m",
        temperature: 0,
        max_tokens: 4000,
        messages: [
          { role: "system", content: "Be brief." },
          { role: "user", content: "sum up:\n\na\nb" },
        ],
      },
    ]);
  });

  it("takes the model from SLUICE_MODEL, and gives the whole reply as JSON", async () => {
    const { url } = await provider();
    const environment = { SLUICE_MODEL: "m" };
    const { stdout, code } = await sluice(["ask", "--json", "--base-url", url], { stdin: "hello", environment });
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      text: expect.stringContaining("Echo: hello") as string,
      model: "m",
      finish_reason: "stop",
      usage: { input_tokens: expect.any(Number) as number, output_tokens: expect.any(Number) as number },
      attempts: 1,
      timing: { total_ms: expect.any(Number) as number, first_content_ms: expect.any(Number) as number },
    });
    expect(stdout.trimEnd()).not.toContain("\n");
  });

  it("is refused without a model, a key, an answerable question or a known provider", async () => {
    const model = await sluice(["ask", "hello"]);
    expect(model.stderr).toMatch(/^error: no model was named\n {2}fix .*-m openai/);
    const missing = await sluice(["ask", "hello", "-m", "openai/m"]);
    expect(missing.stderr).toMatch(/^error: no API key for openai\n.*OPENAI_API_KEY/);
    const nothing = await sluice(["ask", "-m", "m", "--base-url", "http://127.0.0.1:1/v1"]);
    expect(nothing.stderr).toMatch(/^error: nothing was asked\n/);
    const unknown = await sluice(["ask", "hello", "-m", "opnai/m"]);
    expect(unknown.stderr).toContain("did you mean openai/m?");
    const flag = await sluice(["ask", "hello", "-m", "m", "--base-url", "http://127.0.0.1:1/v1", "--timeout", "5"]);
    expect(flag.stderr).toContain("did you mean 5s?");
    expect([model, missing, nothing, unknown, flag].map(({ code }) => code)).toEqual([2, 2, 2, 2, 2]);
  });
});

describe("a request that cannot be sent", () => {
  it("is refused before anything is: no model, a key with a space, a name in the address, a proxy that is none", async () => {
    const { url } = await provider();
    const at = ["-m", "m", "--base-url", url];
    const bare = await sluice(["ask", "hi", "-m", "openai"], { environment: { OPENAI_API_KEY: key } });
    expect(bare.stderr).toContain("sluice models --live -m openai");
    const spaced = await sluice(["ask", "hi", ...at], { environment: { SLUICE_API_KEY: "a b" } });
    expect(spaced.stderr).toMatch(/^error: cannot send anything: "apiKey".*\n {2}fix +export SLUICE_API_KEY/);
    const named = await sluice(["ask", "hi", "-m", "m", "--base-url", "http://me:secret@llm.test/v1"]);
    expect(named.stderr).toMatch(/^error: cannot send anything: "baseURL"/);
    expect(named.stderr).not.toContain("secret");
    const proxied = await sluice(["ask", "hi", ...at], { environment: { HTTPS_PROXY: "ht tp" } });
    expect(proxied.stderr).toMatch(/^error: cannot send anything: "proxy\.https"/);
    expect([bare, spaced, named, proxied].map(({ code }) => code)).toEqual([2, 2, 2, 2]);
  });
});

describe("an answer that does not come", () => {
  it("exits with 4 when the key is refused or the quota used up, and never shows the key", async () => {
    const { url } = await provider({ apiKey: "sk-another" });
    const environment = { SLUICE_API_KEY: key };
    const refused = await sluice(["ask", "hi", "-m", "m", "--base-url", url], { environment });
    expect(refused.stderr).toMatch(/^error: auth: .*401/);
    expect(refused.stderr).toContain("key        sk-…a1f3 from SLUICE_API_KEY");
    expect(refused.stderr).not.toContain("0123456789");
    const spent = await sluice(["ask", "hi", "-m", "m", "--base-url", (await provider({ faults: { quota: 1 } })).url]);
    expect(spent.stderr).toMatch(/^error: quota_exhausted: /);
    expect([refused.code, spent.code]).toEqual([4, 4]);
  });

  it("exits with 3 for what may pass or be mended, and says what to do", async () => {
    const missing = await sluice([
      "ask",
      "hi",
      "-m",
      "m",
      "--base-url",
      (await provider({ faults: { "404": 1 } })).url,
    ]);
    expect(missing.stderr).toMatch(/^error: not_found: /);
    expect(missing.stderr).toContain("sluice models --live -m m --base-url");
    const nobody = await sluice(["ask", "hi", "-m", "m", "--base-url", await desertedOrigin(), "--retries", "0"]);
    expect(nobody.stderr).toMatch(/^error: network: .*ECONNREFUSED/);
    expect(nobody.stderr).toContain("sluice doctor");
    const late = await provider({ faults: { silent: 1 } });
    const slow = await sluice(["ask", "hi", "-m", "m", "--base-url", late.url, "--timeout", "200ms", "--retries", "0"]);
    expect(slow.stderr).toMatch(/^error: timeout: /);
    expect([missing.code, nobody.code, slow.code]).toEqual([3, 3, 3]);
  });

  it("keeps what came of it before it broke, on a line of its own", async () => {
    const { url } = await provider({ faults: { cut: 1 }, outputTokens: 40 });
    const { code, stdout, stderr } = await sluice(["ask", "hi", "-m", "m", "--base-url", url, "--retries", "0"]);
    expect(code).toBe(3);
    expect(stdout).toMatch(/^Echo.*\n$/);
    expect(stderr).toMatch(/^error: interrupted: /);
  });

  it.skipIf(process.platform === "win32")("is left alone at Ctrl-C: exit 130, and what came stays", async () => {
    const simulator = await provider({ tokenMs: 50, outputTokens: 2000 });
    const running = start(["ask", "hi", "-m", "m", "--base-url", simulator.url]);
    let printed = "";
    running.child.stdout?.on("data", (text: string) => (printed += text));
    await until(() => printed.includes("Echo"));
    running.child.kill("SIGINT");
    const { code, stdout, stderr } = await running.finished;
    expect(code).toBe(130);
    expect(stdout).toMatch(/^Echo.*\n$/);
    expect(stderr).toBe("");
    await until(() => simulator.ledger().abandoned === 1);
  });
});

describe("where an answer goes", () => {
  it("may leave, as head does: quietly, and the call ends", async () => {
    const simulator = await provider({ tokenMs: 20, outputTokens: 2000 });
    const running = start(["ask", "hi", "-m", "m", "--base-url", simulator.url]);
    running.child.stdout?.once("data", () => running.child.stdout?.destroy());
    const { code, stderr } = await running.finished;
    expect(code).toBe(0);
    expect(stderr).toBe("");
    await until(() => simulator.ledger().abandoned === 1);
  });

  it.runIf(process.platform === "linux")("that cannot be written to is told with exit 6", async () => {
    const { url } = await provider();
    const full = await open("/dev/full", "w");
    onTestFinished(() => full.close());
    const asked = start(["ask", "hi", "-m", "m", "--base-url", url], { stdoutFile: full.fd });
    const { code, stderr } = await asked.finished;
    expect(stderr).toContain("error: cannot write stdout: no space is left");
    expect(code).toBe(6);
  });
});

describe("a proxy of the environment", () => {
  it("is asked for the way, for http and for https", async () => {
    const { port } = await provider();
    const proxy = await localProxy(port);
    const http = { HTTP_PROXY: proxy.address };
    const asked = await sluice(["ask", "hi", "-m", "m", "--base-url", "http://llm.test/v1"], { environment: http });
    expect(asked).toMatchObject({ code: 0, stderr: "" });
    expect(proxy.asked).toEqual(["llm.test:80"]);
    const closed = await localProxy();
    const environment = { HTTPS_PROXY: closed.address, OPENAI_API_KEY: key };
    const refused = await sluice(["ask", "hi", "-m", "openai/m", "--retries", "0"], { environment });
    expect(closed.asked).toEqual(["api.openai.com:443"]);
    expect(refused.stderr).toMatch(/^error: network: .*403/);
    expect(refused.code).toBe(3);
  });

  it.runIf(process.platform === "linux")("is left out for what NO_PROXY names, and for this machine", async () => {
    const { port } = await provider({ host: "0.0.0.0" });
    const proxy = await localProxy(port);
    const ask = async (host: string, no: string): Promise<number | null> => {
      const environment = { http_proxy: proxy.address, no_proxy: no };
      return (await sluice(["ask", "hi", "-m", "m", "--base-url", `http://${host}:${port}/v1`], { environment })).code;
    };
    expect(await ask("127.0.0.2", "example.com")).toBe(0);
    expect(proxy.asked).toEqual([`127.0.0.2:${port}`]);
    expect(await ask("127.0.0.2", "example.com, 127.0.0.2")).toBe(0);
    expect(await ask("127.0.0.2", "*")).toBe(0);
    expect(await ask("127.0.0.1", "")).toBe(0);
    expect(proxy.asked).toHaveLength(1);
  });
});
