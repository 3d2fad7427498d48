import { describe, expect, it } from "vitest";
import { broken, doctorExitCode, ok } from "./check.ts";
import { clockCheck } from "./clock-check.ts";
import { english } from "./doctor-words-en.ts";
import { failureFix } from "./fixes.ts";
import { nodeCheck } from "./machine-checks.ts";
import { patientsOf } from "./patients.ts";
import { proxyOf, shownProxy } from "./proxy-of.ts";

const having =
  (variables: Readonly<Record<string, string>>) =>
  (name: string): string | undefined =>
    variables[name];

describe("the proxy of an address", () => {
  const proxies = { http: "http://p:1", https: "http://p:2", no: "localhost,.corp.example,api.x.ai:443" };

  it("is the one for its scheme", () => {
    expect(proxyOf("https://api.openai.com/v1", proxies)).toBe("http://p:2");
    expect(proxyOf("http://llm.test/v1", proxies)).toBe("http://p:1");
    expect(proxyOf("https://api.openai.com/v1", undefined)).toBeUndefined();
  });

  it("is none for hosts that NO_PROXY names, their subdomains, and ports where it names them", () => {
    const direct = ["http://localhost:8000", "https://llm.corp.example", "https://corp.example", "https://api.x.ai/v1"];
    expect(direct.map((address) => proxyOf(address, proxies))).toEqual(direct.map(() => undefined));
    expect(proxyOf("https://api.x.ai:8443", proxies)).toBe("http://p:2");
    expect(proxyOf("https://notcorp.example", proxies)).toBe("http://p:2");
    expect(proxyOf("https://api.openai.com", { ...proxies, no: "*" })).toBeUndefined();
  });

  it("is shown without its password", () => {
    expect(shownProxy("http://me:secret@proxy.example:3128")).toBe("http://proxy.example:3128");
  });
});

describe("the clock", () => {
  const at = Date.parse("2026-11-27T12:00:00Z");

  it("is right when it is off by no more than half a minute", () => {
    expect(clockCheck("Fri, 27 Nov 2026 12:00:20 GMT", at, at + 500, english)).toMatchObject({ state: "ok" });
    expect(clockCheck(undefined, at, at, english)).toBeUndefined();
  });

  it("is said to be ahead or behind", () => {
    expect(clockCheck("Fri, 27 Nov 2026 11:58:00 GMT", at, at, english)?.detail).toBe("120 s ahead of the server's");
    expect(clockCheck("Fri, 27 Nov 2026 12:02:00 GMT", at, at, english)?.detail).toBe("120 s behind the server's");
  });
});

describe("the exit code of a diagnosis", () => {
  it("is 0 when nothing is broken, 2 when the configuration is wrong, 4 when a key is refused, else 3", () => {
    const bad = broken("key", "y", "z");
    expect(doctorExitCode([ok("node", "b")])).toBe(0);
    expect(doctorExitCode([bad])).toBe(3);
    expect(doctorExitCode([bad, { ...bad, refused: true }])).toBe(4);
    expect(
      doctorExitCode([
        { ...bad, refused: true },
        { ...bad, misconfigured: true },
      ]),
    ).toBe(2);
  });
});

describe("Node", () => {
  it("is too old below 20.19", () => {
    const stateOf = (nodeVersion: string): string => nodeCheck({ nodeVersion }, english).state;
    expect(["18.20.1", "20.18.9", "20.19.0", "22.1.0"].map(stateOf)).toEqual(["broken", "broken", "ok", "ok"]);
  });
});

describe("whom a diagnosis is about", () => {
  it("is every provider with a key, once for providers that share one", () => {
    const environment = having({ OPENAI_API_KEY: "a", DASHSCOPE_API_KEY: "b" });
    expect(patientsOf({}, {}, environment)).toEqual(["openai", "dashscope"]);
    const abroad = having({ DASHSCOPE_API_KEY: "b" });
    expect(patientsOf({ model: "dashscope-intl/qwen-plus" }, {}, abroad)).toEqual(["dashscope-intl/qwen-plus"]);
  });

  it("is the usual model with those that stand in for it, and every provider of the configuration", () => {
    const providers = { mine: { baseURL: "http://h/v1" }, openai: { apiKeys: ["k"] }, groq: {} };
    const deployments = { fast: ["openai/m", "mine/m"] };
    const settings = { model: "fast", providers, deployments, fallbacks: { fast: ["deepseek/m"] } };
    const environment = having({ OPENAI_API_KEY: "a", DEEPSEEK_API_KEY: "b", XAI_API_KEY: "c" });
    expect(patientsOf(settings, {}, environment)).toEqual(["fast", "deepseek/m", "groq", "xai"]);
  });

  it("is only what the flags name", () => {
    const environment = having({ OPENAI_API_KEY: "a" });
    expect(patientsOf({ model: "groq/x" }, { model: "groq/x" }, environment)).toEqual(["groq/x"]);
    expect(patientsOf({ baseURL: "http://h/v1" }, { baseUrl: "http://h/v1" }, environment)).toEqual(["custom"]);
    expect(patientsOf({}, {}, having({}))).toEqual([]);
  });
});

describe("what to do about a failure", () => {
  it("follows its cause", () => {
    expect(failureFix("its certificate was not accepted (SELF_SIGNED_CERT)", english)).toContain("NODE_EXTRA_CA_CERTS");
    expect(failureFix("ECONNREFUSED: connect", english)).toContain("is the server running");
    expect(failureFix("UND_ERR_CONNECT_TIMEOUT: x", english)).toContain("HTTPS_PROXY");
    expect(failureFix("Proxy response (407) !== 200", english)).toContain("password");
    expect(failureFix("anything", english)).toContain("try again");
  });
});
