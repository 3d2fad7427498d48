import { mkdir, writeFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { folder } from "../e2e/cli.ts";
import { canary, canaryOf, traces } from "./canary.ts";
import { type Captured, command, type CommandPlace } from "./captured-command.ts";
import { echoingProvider, failures } from "./echoing-provider.ts";
import { wholeFolder } from "./whole-folder.ts";

const everythingOf = ({ stdout, stderr }: Captured): string => `${stdout}\n${stderr}`;

const rowsOf = (models: readonly string[]): string =>
  models.map((model, place) => `${JSON.stringify({ custom_id: `r${place}`, prompt: "hi", model })}\n`).join("");

/** A place whose key is the canary, and whose files are all below one folder. */
const place = async (): Promise<
  CommandPlace & { readonly at: (name: string) => string; readonly url: string; readonly sent: () => string }
> => {
  const [{ url, received }, at] = [await echoingProvider(), await folder()];
  await mkdir(at("cache"));
  const environment = {
    SLUICE_API_KEY: canary,
    SLUICE_DEBUG: "1",
    SLUICE_TIMEOUT_TOTAL: "500ms",
    XDG_CACHE_HOME: at("cache"),
    HOME: at("."),
    LANG: "C.UTF-8",
  };
  return { folder: at("."), at, url, environment, sent: () => JSON.stringify(received) };
};

const quick = ["--retries", "0"];

describe("a key of the command line", () => {
  it.each([
    ["plain", ["--progress", "plain"], false],
    ["live", ["--progress", "tty"], true],
    ["as JSON", ["--json"], false],
    ["streamed", ["--stream", "--progress", "plain"], false],
  ])("is in no file and no word of a run that is shown %s, whatever happens", async (_, flags, terminal) => {
    const here = await place();
    const told: string[] = [];
    for (const failure of failures) {
      const rows = here.at(`${failure}.jsonl`);
      await writeFile(rows, rowsOf(["fine", failure, "fine"]));
      const words = [
        "run",
        rows,
        "-o",
        here.at(`${failure}.out.jsonl`),
        "-m",
        "fine",
        "--base-url",
        here.url,
        ...quick,
      ];
      told.push(everythingOf(await command([...words, ...flags], { ...here, terminal })));
    }
    expect(here.sent()).toContain(canary);
    const files = await wholeFolder(here.folder);
    expect(files).toContain("errors.jsonl");
    expect(told.join()).toContain("fine");
    expect(traces(told.join("\n"))).toEqual([]);
    expect(traces(files)).toEqual([]);
  });

  it("is in no word of an answer that fails", async () => {
    const here = await place();
    const told: string[] = [];
    for (const failure of failures) {
      const words = ["ask", "hi", "-m", failure, "--base-url", here.url, "--retries", "0"];
      told.push(everythingOf(await command(words, here)), everythingOf(await command([...words, "--json"], here)));
    }
    expect(told.filter((text) => text.includes("error: "))).toHaveLength(told.length);
    expect(here.sent()).toContain(canary);
    expect(traces(told.join("\n"))).toEqual([]);
  });

  it("is not told by the commands that look, in any of its places", async () => {
    const here = await place();
    await writeFile(here.at(".env"), `DEEPSEEK_API_KEY=${canaryOf(1)}\n`);
    const mine = { baseURL: here.url, apiKeys: [canaryOf(2), canaryOf(3)], headers: { "X-Own-Token": canaryOf(4) } };
    const other = {
      baseURL: `http://user:${canaryOf(5)}@127.0.0.1:1/v1?api_key=${canaryOf(6)}`,
      key: "$DEEPSEEK_API_KEY",
    };
    await writeFile(
      here.at("sluice.config.json"),
      JSON.stringify({ model: "mine/refused", providers: { mine, other } }),
    );
    const keys = [canary, ...Array.from({ length: 8 }, (_, slot) => canaryOf(slot))];
    const words = [
      "config",
      "config --origin",
      "config --json",
      "config --origin --json",
      "doctor",
      "doctor --json",
      "doctor -m mine",
      "doctor -m other",
      "limits",
      "limits --json",
      "models",
      "models --json",
      "models --live -m mine",
      "models --live -m other/x",
      "ask hi",
      "ask hi -m other/x",
    ];
    const told: string[] = [];
    for (const line of words) told.push(everythingOf(await command(line.split(" "), here)));
    expect(told.filter((text) => text.trim() === "")).toEqual([]);
    expect(told.join()).toContain("…");
    expect(traces(told.join("\n"), keys)).toEqual([]);
    expect(traces(await wholeFolder(here.at("cache")), keys)).toEqual([]);
  });

  it.each([
    ["a provider that is only a key", "sluice.config.json", `{"providers": {"openai": "${canary}"}}`],
    ["a key without quotes", "sluice.config.json", `{"providers": {"openai": {"apiKey": ${canary}}}}`],
    ["a key that is not closed", "sluice.config.json", `{"providers": {"openai": {"apiKey": "${canary}}}}`],
    ["a key in a list in a list", "sluice.config.json", `{"providers": {"openai": {"apiKeys": [["${canary}"]]}}}`],
    ["a header that is a list", "sluice.config.json", `{"providers": {"openai": {"headers": {"x": ["${canary}"]}}}}`],
    ["a key at the top", "sluice.config.json", `{"apiKey": "${canary}"}`],
    ["an unknown name for it", "sluice.config.json", `{"providers": {"openai": {"apikey": "${canary}"}}}`],
    ["a YAML that ends early", "sluice.config.yaml", `providers:\n  openai:\n    apiKey: "${canary}\n  x: [`],
    ["a YAML that is a text", "sluice.config.yaml", `providers: ${canary}`],
    [
      "a module that throws",
      "sluice.config.ts",
      `const key = "${canary}";\nexport default { providers: { openai: { apiKey: key } } ;`,
    ],
  ])("is not told of a configuration with %s", async (_, name, text) => {
    const here = await place();
    await writeFile(here.at(name), text);
    const { code, ...told } = await command(["config"], here);
    expect(code).toBe(2);
    expect(told.stderr).toMatch(/^error: /);
    expect(traces(everythingOf({ code, ...told }))).toEqual([]);
  });
});
