import { describe, expect, it } from "vitest";
import { desertedOrigin } from "../fixtures/http-server.ts";
import { provider } from "./cli.ts";
import { place } from "./cli-place.ts";

const key = "sk-0123456789abcdef-a1f3";
const another = "sk-0123456789abcdef-b2e4";

/** A configuration with one provider of the user's at that address. */
const mine = (url: string, more = ""): string =>
  `model: mine/simulated\nproviders:\n  mine:\n    baseURL: ${url}\n    key: $MINE\n    limits: { rpm: 600 }\n${more}`;

describe("sluice ask with a configuration", () => {
  it("asks whom it names with the key from .env, and says with -v what it took and cost", async () => {
    const { url } = await provider({ apiKey: key });
    const { here } = await place({
      "sluice.config.yaml": mine(url, "prices: prices.yaml\n"),
      "prices.yaml": "mine/*: { input: 1000, output: 1000, currency: CNY }\n",
      ".env": `MINE=${key}\n`,
    });
    const { code, stdout, stderr } = await here(["ask", "hi", "-v"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/\S\n$/);
    expect(stderr).toMatch(/^mine\/simulated · \d+ in · \d+ out · ¥\d\S* · \S+s\n$/);
    const json = await here(["ask", "hi", "--json"]);
    expect(JSON.parse(json.stdout)).toMatchObject({ cost: { currency: "CNY", matched: "mine/*", source: "override" } });
    expect((await here(["ask", "hi", "--no-env-file"])).stderr).toMatch(/names \$MINE, and no such variable is set/);
  });

  it("asks a deployment of the name, and its fallback where all of them fail", async () => {
    const [dead, alive] = [await desertedOrigin(), await provider()];
    const { here } = await place({
      "sluice.config.yaml": [
        `providers:\n  dead: { baseURL: ${dead} }\n  alive: { baseURL: ${alive.url} }`,
        "deployments: { fast: [dead/m] }",
        "fallbacks: { fast: [alive/m] }\n",
      ].join("\n"),
    });
    expect((await here(["ask", "hi", "-m", "fast", "--retries", "0"])).code).toBe(0);
    expect(alive.ledger().received).toBe(1);
    const misspelt = await here(["ask", "hi", "-m", "fsat"]);
    expect(misspelt.stderr).toContain("did you mean fast?");
    expect(misspelt.code).toBe(2);
  });

  it("refuses prices that are none, and names the file", async () => {
    const { url } = await provider();
    const { here } = await place({
      "sluice.config.yaml": mine(url, "prices: { mine/*: { input: cheap, output: 1 } }\n"),
      ".env": `MINE=${key}\n`,
    });
    const { code, stderr } = await here(["ask", "hi"]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^error: .*prices.*must be a number.*\n {2}in {9}sluice\.config\.yaml:7\n/);
  });
});

describe("sluice models with a configuration", () => {
  it("lists its providers and where their keys stand, and what one of them offers at what price", async () => {
    const { url } = await provider({ apiKey: key });
    const { here } = await place({
      "sluice.config.yaml": mine(url, "prices: { mine/simulated: { input: 2, output: 3 } }\n"),
      ".env": `MINE=${key}\nGROQ_API_KEY=${another}\n`,
    });
    const { stdout } = await here(["models"]);
    expect(stdout).toMatch(/^mine +http:\/\/127\S+ +✓ sluice\.config\.yaml:5 sk-…a1f3 +chat$/m);
    expect(stdout).toMatch(/^groq .*✓ GROQ_API_KEY sk-…b2e4/m);
    const live = await here(["models", "--live"]);
    expect(live.stdout).toMatch(/^simulated +in \$2\.00 out \$3\.00 \(mine\/simulated\)$/m);
    expect(live.stdout).toMatch(/^simulated-mini +price unknown$/m);
    expect(live.code).toBe(0);
  });
});

describe("sluice limits with a configuration", () => {
  it("names the line that sets a limit, for each key and for all together", async () => {
    const { here } = await place({
      "sluice.config.yaml": `limits:\n  tpm: 50k\nproviders:\n  mine:\n    baseURL: http://127.0.0.1:9/v1\n    keys: [a, b]\n    limits:\n      rpm: 600\n      tpm: 40k\n`,
    });
    const { code, stdout } = await here(["limits", "mine/m", "--otpm", "7k"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^requests per minute +1,200 +sluice\.config\.yaml:8 /m);
    expect(stdout).toMatch(/^tokens per minute +50,000 +sluice\.config\.yaml:2 /m);
    expect(stdout).toMatch(/^output tokens per minute +7,000 +--otpm 7000 /m);
  });
});

describe("sluice doctor with a configuration", () => {
  it("names the file, and checks every key of every deployment", async () => {
    const { url } = await provider({ apiKey: key });
    const { here } = await place({
      "sluice.config.yaml": `model: fast\nproviders:\n  mine: { baseURL: "${url}", keys: [$ONE, $TWO] }\n  other: { baseURL: "${url}" }\ndeployments: { fast: [mine/m, groq/m] }\n`,
      ".env": `ONE=${key}\nTWO=${another}\n`,
    });
    const { code, stdout } = await here(["doctor"]);
    expect(stdout).toMatch(/^✓ config +sluice\.config\.yaml$/m);
    expect(stdout).toMatch(/^✓ mine#1 key +sk-…a1f3 from sluice\.config\.yaml:3$/m);
    expect(stdout).toMatch(/^✓ mine#1 answer +200/m);
    expect(stdout).toMatch(/^✗ mine#2 answer +mine answered 401.*\n {4}fix .*sluice\.config\.yaml:3/m);
    expect(stdout).toMatch(/^✗ groq key +no API key for groq$/m);
    expect(stdout).toMatch(/^✗ other answer +other answered 401/m);
    expect(stdout).not.toMatch(/mine#2 address/);
    expect(stdout).not.toContain("0123456789");
    expect(code).toBe(4);
  });

  it("exits with 2 for a configuration that is wrong, and goes on without it", async () => {
    const { here } = await place({ "sluice.config.yaml": "limits:\n  rmp: 5\n" });
    const { code, stdout } = await here(["doctor"]);
    expect(code).toBe(2);
    expect(stdout).toMatch(/^✗ config +unknown key limits\.rmp.*rpm.*sluice\.config\.yaml:2.*\n {4}fix {2}/m);
    expect(stdout).toMatch(/^✓ node /m);
    const chinese = await here(["doctor"], { environment: { LANG: "zh_CN.UTF-8" } });
    expect(chinese.stdout).toMatch(/^✗ 配置 /m);
  });

  it("warns of a key that stands in a repository", async () => {
    const { url } = await provider();
    const { here } = await place({
      ".git/HEAD": "",
      "sluice.config.yaml": `providers:\n  mine: { baseURL: "${url}", key: ${key} }\n`,
    });
    const { code, stdout } = await here(["doctor"]);
    expect(stdout).toMatch(/^! config +.*holds a key itself.*\n {4}fix .*\.env/m);
    expect(code).toBe(0);
  });
});
