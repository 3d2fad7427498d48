import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import type { Host } from "../host.ts";
import type { ConfigFlags, OptionFlags } from "../run/run-flags.ts";
import { type Config, loadConfig } from "./config.ts";
import { type ConfiguredOptions, configuredOptions } from "./configured-options.ts";
import { readPrices } from "./read-prices.ts";

type Files = Readonly<Record<string, string>>;
type Variables = Readonly<Record<string, string>>;

interface Loaded {
  readonly config: Config;
  readonly options: ConfiguredOptions;
  /** Where each setting stands. */
  readonly origins: Readonly<Record<string, string>>;
}

/** Writes files and loads the configuration of the folder `here`; the home folder is `home`. */
const load = async (files: Files, flags: OptionFlags & ConfigFlags = {}, given: Variables = {}): Promise<Loaded> => {
  const root = await mkdtemp(join(tmpdir(), "sluice-config-"));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  for (const [name, text] of Object.entries({ "here/empty": "", ...files })) {
    await mkdir(dirname(join(root, name)), { recursive: true });
    await writeFile(join(root, name), text);
  }
  const variables = new Map(Object.entries({ HOME: join(root, "home"), ...given }));
  const host = {
    environment: (name: string) => variables.get(name)?.trim() || undefined,
    addVariable: (name: string, value: string) => !variables.has(name) && variables.set(name, value) !== undefined,
    folder: join(root, "here"),
    platform: "linux",
  } as Host;
  const config = await loadConfig(flags, host);
  const origins = Object.fromEntries(config.settings.map(({ path, origin }) => [path.join("."), origin]));
  return { config, options: configuredOptions(config, host.environment), origins };
};

describe("the configuration", () => {
  it("is that of the flags, then of variables, .env.local, .env, the nearest file and the user's file", async () => {
    const files = {
      "home/.config/sluice/config.yaml": "limits: { rpm: 1, tpm: 1, itpm: 1, otpm: 1, rpd: 1, tpd: 1 }\n",
      "here/sluice.config.yaml": "limits:\n  rpm: 2\n  tpm: 2\n  itpm: 2\n  otpm: 2\n  rpd: 2\n",
      "here/.env": "SLUICE_RPM=3\nSLUICE_TPM=3\nSLUICE_ITPM=3\n# last\nSLUICE_OTPM=3\n",
      "here/.env.local": "SLUICE_RPM=4\nSLUICE_TPM=4\nSLUICE_ITPM=4\n",
    };
    const { options, origins } = await load(files, { rpm: "6" }, { SLUICE_RPM: "5", SLUICE_TPM: "5" });
    expect(options.limits).toEqual({
      requestsPerMinute: 6,
      tokensPerMinute: 5,
      inputTokensPerMinute: 4,
      outputTokensPerMinute: 3,
      requestsPerDay: 2,
      tokensPerDay: 1,
    });
    expect(origins).toEqual({
      "limits.rpm": "flag --rpm",
      "limits.tpm": "SLUICE_TPM",
      "limits.itpm": ".env.local:3",
      "limits.otpm": ".env:5",
      "limits.rpd": "sluice.config.yaml:6",
      "limits.tpd": "~/.config/sluice/config.yaml:1",
    });
  });

  it("says nothing where there is nothing", async () => {
    const { config, options } = await load({});
    expect(config).toEqual({ settings: [], files: [], warnings: [] });
    expect(options).toEqual({ limits: {}, retry: { onEmptyBudget: "wait" }, timeout: { total: "none" } });
  });

  it("is found up to the folder of the repository, and not above it", async () => {
    const above = { "sluice.config.json": '{ "retries": 1 }' };
    expect((await load(above)).origins).toEqual({ retries: "../sluice.config.json:1" });
    expect((await load({ ...above, "here/.git/HEAD": "" })).origins).toEqual({});
    const inPackage = { "here/package.json": '{\n  "name": "x",\n  "sluice": {\n    "retries": 2\n  }\n}\n' };
    expect((await load({ ...above, ...inPackage })).origins).toEqual({ retries: "package.json:4" });
    expect((await load({ ...above, "here/package.json": "{}" })).options.retry).toMatchObject({ retries: 1 });
  });

  it("is read from TypeScript and JavaScript, which may import defineConfig", async () => {
    const text = 'import { defineConfig } from "sluice";\nexport default defineConfig({ limits: { tpm: "2k" } });\n';
    for (const name of ["sluice.config.ts", "sluice.config.mts", "sluice.config.js", "sluice.config.mjs"]) {
      const { options, origins } = await load({ [`here/${name}`]: text });
      expect(options.limits).toEqual({ tokensPerMinute: 2000 });
      expect(origins).toEqual({ "limits.tpm": name });
    }
  });

  it("is taken from the file that is named, and from variables in files that are named", async () => {
    const files = {
      "here/sluice.config.yaml": "retries: 1",
      "here/other.yml": "retries: 2",
      "here/.env": "SLUICE_RPM=1",
      "here/a.env": "SLUICE_RPM=2\nSLUICE_TPM=2",
      "here/b.env": "SLUICE_RPM=3",
    };
    const { origins, options } = await load(files, { config: "other.yml", envFile: ["a.env", "b.env"] });
    expect(origins).toEqual({ retries: "other.yml:1", "limits.rpm": "b.env:1", "limits.tpm": "a.env:2" });
    expect(options.limits).toEqual({ requestsPerMinute: 3, tokensPerMinute: 2 });
    expect((await load(files, { envFile: false })).options.limits).toEqual({});
    await expect(load(files, { config: "none.yaml" })).rejects.toThrow("--config none.yaml: there is no such file");
    await expect(load(files, { envFile: ["none.env"] })).rejects.toThrow("--env-file none.env: cannot read it");
  });

  it("makes providers with their keys, limits, headers and addresses", async () => {
    const text = `
providers:
  openai: { keys: [$KEY_1, "\${KEY_2}"], limits: { rpm: 8/s, concurrency: 10-100 } }
  mine: { apiKey: sk-own, baseURL: "http://localhost:8000/v1", dialect: vllm, headers: { x-team: a } }
deployments: { fast: [openai/gpt-5-mini, mine/m] }
fallbacks: { openai/gpt-4.1: [fast] }
`;
    const { options } = await load({ "here/sluice.config.yaml": text, "here/.env": "KEY_2=two" }, {}, { KEY_1: "one" });
    expect(options).toMatchObject({
      providers: {
        openai: {
          apiKeys: ["one", "two"],
          limits: { requestsPerMinute: 480, maxConcurrent: { min: 10, max: 100 } },
        },
        mine: {
          apiKeys: ["sk-own"],
          baseURL: "http://localhost:8000/v1",
          dialect: "vllm",
          headers: { "x-team": "a" },
        },
      },
      deployments: { fast: ["openai/gpt-5-mini", "mine/m"] },
      fallbacks: { "openai/gpt-4.1": ["fast"] },
    });
  });

  it("sends the model's provider, and no other, to an address that is typed", async () => {
    const text = "providers: { openai: { key: a, baseURL: 'http://one/v1' }, deepseek: { key: b } }";
    const files = { "here/sluice.config.yaml": text };
    const flags = { model: "openai/m", baseUrl: "http://two/v1" };
    const { openai, deepseek } = (await load(files, flags)).options.providers ?? {};
    expect(openai).toEqual({ apiKeys: ["a"], baseURL: "http://two/v1" });
    expect(deepseek?.baseURL).toContain("deepseek.com");
    const { options } = await load(files, flags, { SLUICE_API_KEY: "c" });
    expect(options.providers?.["openai"]).toEqual({ baseURL: "http://two/v1" });
  });

  it("holds prices, or the path of them beside the file", async () => {
    const inline = await load({ "here/sluice.config.yaml": "prices: { mine/m: { input: 1, output: 2 } }" });
    expect(await readPrices(inline.config)).toEqual({ "mine/m": { input: 1, output: 2 } });
    const [config, prices] = ["prices: money/prices.yaml", "mine/m: { input: 2, output: 3 }"];
    const files = { "sluice.config.yaml": config, "money/prices.yaml": prices };
    expect(await readPrices((await load(files)).config)).toEqual({ "mine/m": { input: 2, output: 3 } });
    const missing = await load({ "here/sluice.config.yaml": "prices: none.json" });
    await expect(readPrices(missing.config)).rejects.toThrow(/cannot read none.json\n.*\n.*sluice.config.yaml:1/);
    expect(await readPrices((await load({})).config)).toBeUndefined();
    const wrong = await load({ "here/sluice.config.yaml": "prices: { mine/m: { input: cheap, output: 2 } }" });
    await expect(readPrices(wrong.config)).rejects.toThrow(/mine\/m.*must be a number.*\n.*sluice.config.yaml:1/);
  });

  it("warns of a key that lies in a repository, and not of one that a variable gives", async () => {
    const repository = { "here/.git/HEAD": "" };
    const literal = { "here/sluice.config.yaml": "providers:\n  openai:\n    key: sk-0123456789abcdef\n" };
    const { warnings } = (await load({ ...repository, ...literal })).config;
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain("sluice.config.yaml:3 holds a key itself");
    expect(warnings[0]).not.toContain("0123");
    const named = { "here/sluice.config.yaml": "providers: { openai: { key: $A } }" };
    expect((await load({ ...repository, ...named }, {}, { A: "sk-0123456789abcdef" })).config.warnings).toEqual([]);
  });
});

describe("a configuration that is wrong", () => {
  const refused = (text: string): Promise<unknown> =>
    load({ "here/sluice.config.yaml": text }).then(
      () => "accepted",
      (error: Error) => error.message,
    );

  it.each([
    ["modle: x", /^unknown key modle \(did you mean model\?\)\n {2}in {9}sluice\.config\.yaml:1\n/],
    ["limits:\n  rmp: 5", /^unknown key limits\.rmp \(did you mean rpm\?\)\n {2}in {9}sluice\.config\.yaml:2\n/],
    ["providers: { openai: { limits: { tmp: 1 } } }", /^unknown key providers\.openai\.limits\.tmp \(did you mean tpm/],
    ["limits:\n  tpm: fast", /^limits\.tpm must be a rate .*got "fast"\n {2}in {9}sluice\.config\.yaml:2$/],
    ["retries: many", /^retries must be a whole number/],
    ["timeout: 30", /^timeout must be a duration with a unit .*did you mean 30s/],
    ["onQuota: stop", /^onQuota must be fail or wait/],
    ["fallbacks: { a/b: c/d }", /^fallbacks\.a\/b must be a list of at least one provider\/model/],
    [
      "providers: { openai: { key: $NONE } }",
      /^providers\.openai\.key names \$NONE, and no such variable is set\n.*:1\n/,
    ],
    ["providers: { openai: { key: a, keys: [b] } }", /^providers\.openai has both key and keys/],
    ["providers: { opnai: { key: a } }", /^providers\.opnai: no provider .*did you mean openai/],
    ["providers: { x: { baseURL: 'http://x', dialect: opnai } }", /^providers\.x\.dialect: unknown provider .*openai/],
    ["- 1", /^sluice\.config\.yaml must hold an object/],
    ["limits:\n  rpm: [", /^sluice\.config\.yaml:2: not valid YAML\n/],
  ])("is refused with the place and a way out: %s", async (text, message) => {
    expect(await refused(text)).toMatch(message);
  });

  it("is refused when it is no JSON, or throws when it is loaded", async () => {
    await expect(load({ "here/sluice.config.json": "{" })).rejects.toThrow("sluice.config.json: not valid JSON");
    await expect(load({ "here/sluice.config.ts": "throw new Error('no such luck')" })).rejects.toThrow(
      /sluice\.config\.ts: cannot load it\n.*no such luck/,
    );
  });
});
