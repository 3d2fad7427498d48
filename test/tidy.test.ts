import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { longFunctions } from "./tidy/long-functions.ts";
import { masked } from "./tidy/masked.ts";
import { violations } from "./tidy/rules.ts";
import { described, importsOf, type SourceFile } from "./tidy/source-file.ts";

const filesUnder = async (folder: string): Promise<readonly SourceFile[]> => {
  const entries = await readdir(folder, { recursive: true }).catch(() => []);
  const paths = entries.filter((entry) => entry.endsWith(".ts")).map((entry) => join(folder, entry));
  return Promise.all(
    paths.toSorted().map(async (path) => ({ path: path.replaceAll("\\", "/"), text: await readFile(path, "utf8") })),
  );
};

describe("the house", () => {
  it("keeps the rules of ARCHITECTURE.md and CONTRIBUTING.md", async () => {
    const files = [...(await filesUnder("src")), ...(await filesUnder("test"))];
    expect(files.length).toBeGreaterThan(50);
    expect(violations(files).map(described)).toEqual([]);
  });

  it("has no function of more than 50 lines", async () => {
    const { files, found } = await longFunctions("src");
    expect(files).toBeGreaterThan(50);
    expect(found.map(described)).toEqual([]);
  });

  it("lists every decision in its index", async () => {
    const folder = "docs/decisions";
    const records = (await readdir(folder).catch(() => [])).filter(
      (name) => name.endsWith(".md") && name !== "README.md",
    );
    const index = records.length === 0 ? "" : await readFile(join(folder, "README.md"), "utf8");
    expect(records.filter((name) => !index.includes(name))).toEqual([]);
  });
});

/** What the rules say about one planted file, without its path. */
const said = (path: string, text: string): readonly string[] =>
  violations([{ path, text }]).map(({ line, rule, message }) => `${line} ${rule}: ${message}`);

const leftover = "TO" + "DO";

describe("the house rules bite", () => {
  it.each([
    [
      "an upward import",
      "src/time/a.ts",
      'import "../call/call.ts";',
      "1 ranks: time (rank 0) imports ../call/call.ts of call (rank 1), which ranks above it",
    ],
    [
      "a type import",
      "src/limit/a.ts",
      'import type { LLM } from "../client/llm.ts";',
      "1 ranks: limit (rank 2) imports ../client/llm.ts of client (rank 4), which ranks above it",
    ],
    [
      "a dynamic import",
      "src/run/a.ts",
      '\nawait import(\n  "../cli/run.ts"\n);',
      "3 ranks: run (rank 5) imports ../cli/run.ts of cli (rank 8), which ranks above it",
    ],
    [
      "a re-export",
      "src/call/a.ts",
      'export * from "../index.ts";',
      "1 ranks: call (rank 1) imports ../index.ts of index.ts (rank 9), which ranks above it",
    ],
    [
      "a sibling import",
      "src/retry/a.ts",
      'import { x } from "../limit/limit.ts";',
      "1 ranks: retry (rank 2) imports ../limit/limit.ts of limit (rank 2), a stranger of the same rank",
    ],
    [
      "an import from a nested folder",
      "src/provider/openai/a.ts",
      'import "../../limit/limit.ts";',
      "1 ranks: provider (rank 2) imports ../../limit/limit.ts of limit (rank 2), a stranger of the same rank",
    ],
    [
      "provider code in the simulator",
      "src/simulator/a.ts",
      'import "../provider/b.ts";',
      "1 ranks: imports ../provider/b.ts, but the simulator must not share code with the provider",
    ],
    [
      "provider code in a test of the simulator",
      "src/simulator/a.test.ts",
      'import "../provider/b.ts";',
      "1 ranks: imports ../provider/b.ts, but the simulator must not share code with the provider",
    ],
    ["a folder without a rank", "src/stuff/a.ts", "", "1 ranks: stuff has no rank; enter it in test/tidy/ranks.ts"],
    ["the wall clock", "src/limit/a.ts", "const now = Date.now();", "1 purity: Date.now in a pure folder; use a Clock"],
    ["today", "src/limit/a.ts", "const now = new Date();", "1 purity: new Date() in a pure folder; use a Clock"],
    ["the process clock", "src/time/a.ts", "performance.now();", "1 purity: performance in a pure folder; use a Clock"],
    ["a timer", "src/retry/a.ts", "\n\nsetTimeout(() => {}, 5);", "3 purity: setTimeout in a pure folder; use a Clock"],
    ["an interval", "src/pool/a.ts", "setInterval(f, 5);", "1 purity: setInterval in a pure folder; use a Clock"],
    ["an immediate", "src/pool/a.ts", "setImmediate(f);", "1 purity: setImmediate in a pure folder; use a Clock"],
    ["chance", "src/retry/a.ts", "Math.random();", "1 purity: Math.random in a pure folder; use an Rng"],
    [
      "a global timer",
      "src/pool/a.ts",
      "globalThis.setTimeout(f);",
      "1 purity: globalThis.setTimeout in a pure folder; use a Clock",
    ],
    [
      "chance in a template",
      "src/retry/a.ts",
      "const a = `x ${{ b: Math.random() }.b} y`;",
      "1 purity: Math.random in a pure folder; use an Rng",
    ],
    [
      "cryptography",
      "src/call/a.ts",
      "crypto.randomUUID();",
      "1 purity: crypto in a pure folder; take what it makes as an argument",
    ],
    [
      "the network",
      "src/route/a.ts",
      'await fetch("x");',
      "1 purity: fetch( in a pure folder; the network belongs to provider/",
    ],
    [
      "a module of Node",
      "src/observe/a.ts",
      'import { join } from "node:path";',
      "1 purity: imports node:path in a pure folder",
    ],
    [
      "the process",
      "src/run/a.ts",
      "process.exit(1);",
      "1 process: only cli/ and client/environment.ts may touch process",
    ],
    [
      "the imported process",
      "src/run/a.ts",
      'import { env } from "node:process";',
      "1 process: only cli/ and client/environment.ts may touch process",
    ],
    [
      "files in a run, past its own file system",
      "src/run/output/a.ts",
      'import { readFile } from "node:fs/promises";',
      "1 files: imports node:fs/promises; only run/files/ touches files: take an Fs",
    ],
    [
      "a pattern of files in a run",
      "src/run/a.ts",
      'const { glob } = await import("tinyglobby");',
      "1 files: imports tinyglobby; only run/files/ touches files: take an Fs",
    ],
    ["a file of 251 lines", "src/run/a.ts", "\n".repeat(251), "251 size: has 251 lines, more than 250"],
    ["a test of 401 lines", "src/run/a.test.ts", "\n".repeat(401), "401 size: has 401 lines, more than 400"],
    ["a name that says nothing", "src/run/string-utils.ts", "", '1 names: "utils" says nothing; name the thing'],
    ["a folder that says nothing", "src/run/helpers/a.ts", "", '1 names: "helpers" says nothing; name the thing'],
    ["a name in camel case", "src/run/fileRun.ts", "", '1 names: "fileRun.ts" is not in kebab case'],
    [
      "an undocumented export",
      "src/run/a.ts",
      "/** Of b. */\nconst b = 1;\nexport const c = b;",
      "3 docs: exported c has no doc comment",
    ],
    [
      "a comment that is no documentation",
      "src/run/a.ts",
      "// Why.\nexport interface A {}",
      "2 docs: exported A has no doc comment",
    ],
    ["a leftover", "src/run/a.ts", `// ${leftover}: later`, `1 leftovers: ${leftover}: do it or file an issue`],
    ["a lonely test", "src/run/a.test.ts", 'it.only("x", () => {});', "1 tests: it.only silences tests"],
    [
      "a skipped test",
      "test/a.test.ts",
      "describe.each([1]).skip;\ndescribe.skip",
      "2 tests: describe.skip silences tests",
    ],
  ])("on %s", (_, path, text, expected) => {
    expect(said(path, text)).toEqual([expected]);
  });

  it("on a function of 51 lines, and not on one of 50", async () => {
    const folder = await mkdtemp(join(tmpdir(), "tidy-"));
    const lines = (count: number): string => `export const a = () => {\n${"  b();\n".repeat(count - 2)}};\n`;
    try {
      await writeFile(join(folder, "long.ts"), `\n${lines(51)}`);
      await writeFile(join(folder, "short.ts"), lines(50));
      await writeFile(join(folder, "long.test.ts"), lines(90));
      const { found } = await longFunctions(folder);
      expect(found.map(({ path, line, message }) => `${path.split("/").at(-1)}:${line} ${message}`)).toEqual([
        "long.ts:2 The function has too many lines (51). Maximum allowed is 50.",
      ]);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it.each([
    [
      "words in comments and strings",
      "src/limit/a.ts",
      '// Date.now()\n/* fetch( */ const a = "Math.random()" + `setTimeout ${1} crypto`;',
    ],
    [
      "words in a regular expression",
      "src/limit/a.ts",
      "const a = /\"'`/; const b = /[/\"]process.env/.test('x') ? 1 / 2 / 3 : 4;",
    ],
    ["properties of the same name", "src/limit/a.ts", "a.fetch(); b.performance; a.crypto; record.setTimeout;"],
    ["a lower import", "src/pool/a.ts", 'import "../time/clock.ts";\nimport "./b.ts";'],
    ["what looks like an import in a string", "src/time/a.ts", "const a = 'from \"../call/b.ts\"';"],
    ["a test that tries parts together", "src/provider/a.test.ts", 'import "../simulator/b.ts"; performance.now();'],
    ["the process in the command line", "src/cli/a.ts", "process.exit(process.argv.length);"],
    ["files where a run reaches them", "src/run/files/a.ts", 'import { open } from "node:fs/promises";'],
    ["the patterns of an input", "src/run/source/input-files.ts", 'await import("tinyglobby");'],
    ["files in a test of a run", "src/run/a.test.ts", 'import { readFile } from "node:fs/promises";'],
    [
      "a documented export",
      "src/run/a.ts",
      "/**\n * Two lines, <= 3 / 4.\n */\nexport async function* a() {}\nexport { b } from './b.ts';",
    ],
  ])("but not on %s", (_, path, text) => {
    expect(said(path, text)).toEqual([]);
  });
});

describe("the mask over code", () => {
  it("keeps offsets, lines and quotes", () => {
    const text = 'const a = "b\\"c"; // d\nconst e = `f ${g({ h: "i" })} j`; /* k\n */ l = m / n / o;';
    expect(masked(text)).toBe('const a = "    ";     \nconst e = `  ${g({ h: " " })}  `;     \n    l = m / n / o;');
  });

  it("finds imports over several lines", () => {
    const text = "import {\n  a,\n} from \"./a.ts\";\nexport type { B } from './b.ts';";
    expect(importsOf({ path: "src/a.ts", text })).toEqual([
      { line: 3, name: "./a.ts" },
      { line: 4, name: "./b.ts" },
    ]);
  });
});
