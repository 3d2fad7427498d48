import { describe, expect, it } from "vitest";
import { lookWords } from "../display/look-words.ts";
import { styleOf } from "../display/style.ts";
import { knownProviders } from "./known-providers.ts";
import { modelTable, providerTable } from "./model-tables.ts";

const style = styleOf({ columns: 100, colour: false, ascii: true, chinese: false });
const words = lookWords(false);
const environment = (name: string): string | undefined =>
  ({ MOONSHOT_API_KEY: "sk-0123456789abcdef-a1f3", OPENAI_BASE_URL: "http://gateway.test/v1" })[name];

describe("the known providers", () => {
  it("are found by name, alias or address", () => {
    const named = (filter: string): readonly string[] =>
      knownProviders({}, environment, filter).map(({ name }) => name);
    expect(named("KIMI")).toEqual(["moonshot", "moonshot-intl"]);
    expect(named("bigmodel")).toEqual(["zhipu"]);
    expect(named("").length).toBeGreaterThan(20);
  });

  it("show a masked key, where it comes from, and an address that was moved", () => {
    const [kimi] = knownProviders({}, environment, "moonshot");
    expect(kimi).toMatchObject({ key: { source: "MOONSHOT_API_KEY", mask: "sk-…a1f3" }, formats: ["chat"] });
    expect(knownProviders({}, environment, "openai").find(({ name }) => name === "openai")?.address).toBe(
      "http://gateway.test/v1",
    );
    expect(knownProviders({}, environment, "gemini")[0]?.formats).toEqual(["generate", "chat", "embeddings"]);
  });

  it("stand in a table", () => {
    expect(providerTable(knownProviders({}, environment, "minimax"), style, words)).toEqual([
      "provider       address                       key                 formats",
      "minimax        https://api.minimaxi.com/v1   - MINIMAX_API_KEY   chat",
      "minimax-intl   https://api.minimax.io/v1     - MINIMAX_API_KEY   chat",
    ]);
    expect(providerTable(knownProviders({}, environment, "kimi"), style, words)[1]).toContain(
      "ok MOONSHOT_API_KEY sk-...a1f3",
    );
  });
});

describe("the models of a server", () => {
  it("show their context where it is told, and what else is known of them", () => {
    const models = [{ id: "a", contextTokens: 128_000 }, { id: "\u001b[31mb" }];
    expect(modelTable(models, style, words, { detailsOf: (id) => `price of ${id}` })).toEqual([
      "model   context",
      "a       128k      price of a",
      "b       -         price of b",
    ]);
    expect(modelTable([{ id: "a" }], style, words, {})).toEqual(["model", "a"]);
    expect(modelTable([], style, words, {})).toEqual([]);
  });
});
