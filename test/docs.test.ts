import { execFile } from "node:child_process";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));
const pages = [
  "README.md",
  "README.zh-CN.md",
  "ARCHITECTURE.md",
  "docs/from-asyncio.md",
  "docs/zh/from-asyncio.md",
  "docs/file-runs.md",
  "docs/zh/file-runs.md",
  "docs/limits.md",
  "docs/zh/limits.md",
  "docs/providers.md",
  "docs/zh/providers.md",
  "docs/sdks.md",
  "docs/zh/sdks.md",
  "docs/structured-output.md",
  "docs/zh/structured-output.md",
  "docs/cost-and-tokens.md",
  "docs/zh/cost-and-tokens.md",
  "docs/observability.md",
  "docs/zh/observability.md",
];

interface Block {
  readonly page: string;
  readonly line: number;
  readonly code: string;
}

/** The TypeScript blocks of a page, with the line at which each begins. */
const blocksOf = (page: string, text: string): Block[] =>
  [...text.matchAll(/^```ts\n(.*?)^```$/gms)].map((match) => ({
    page,
    line: text.slice(0, match.index).split("\n").length + 1,
    code: match[1] ?? "",
  }));

const headingsOf = (text: string): string[] => text.replaceAll(/^```.*?^```$/gms, "").match(/^#+(?= )/gm) ?? [];

const read = (page: string): Promise<string> => readFile(join(root, page), "utf8");

/** The compiler's complaints about blocks, each with its page and line. */
const complaints = async (blocks: readonly Block[]): Promise<string[]> => {
  const folder = join(root, "node_modules", ".docs-blocks");
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await Promise.all(
    blocks.map(({ code }, index) => writeFile(join(folder, `block-${index}.ts`), `${code}\nexport {};\n`)),
  );
  const config = {
    extends: "../../tsconfig.json",
    compilerOptions: {
      paths: { sluice: ["../../src/index.ts"] },
      noUnusedLocals: false,
      isolatedDeclarations: false,
      declaration: false,
      declarationMap: false,
      rewriteRelativeImportExtensions: false,
      allowImportingTsExtensions: true,
    },
    include: ["*.ts"],
  };
  await writeFile(join(folder, "tsconfig.json"), JSON.stringify(config));
  const compiler = join(root, "node_modules", "typescript", "bin", "tsc");
  const { stdout } = await promisify(execFile)(process.execPath, [compiler, "-p", folder], { cwd: folder }).catch(
    (error: { readonly stdout: string }) => error,
  );
  return stdout
    .split("\n")
    .filter((line) => line !== "")
    .map((line) =>
      line.replace(/^block-(\d+)\.ts\((\d+)/, (_, index: string, at: string) => {
        const block = blocks[Number(index)];
        return `${block?.page}(${(block?.line ?? 0) + Number(at) - 1}`;
      }),
    );
};

describe("the documents", () => {
  it("show only TypeScript that compiles against the library", async () => {
    const blocks = (await Promise.all(pages.map(async (page) => blocksOf(page, await read(page))))).flat();
    expect(blocks.length).toBeGreaterThan(20);
    expect(await complaints(blocks)).toEqual([]);
  });

  it("would be caught with a block that does not compile", async () => {
    const [complaint] = await complaints([
      { page: "planted.md", line: 7, code: 'import { createLLM } from "sluice";\ncreateLLM({ modle: "m" });\n' },
    ]);
    expect(complaint).toMatch(/^planted\.md\(8,.*modle/);
  });

  it.each([
    ["README.md", "README.zh-CN.md"],
    ["docs/from-asyncio.md", "docs/zh/from-asyncio.md"],
    ["docs/file-runs.md", "docs/zh/file-runs.md"],
    ["docs/limits.md", "docs/zh/limits.md"],
    ["docs/providers.md", "docs/zh/providers.md"],
    ["docs/sdks.md", "docs/zh/sdks.md"],
    ["docs/structured-output.md", "docs/zh/structured-output.md"],
    ["docs/cost-and-tokens.md", "docs/zh/cost-and-tokens.md"],
    ["docs/observability.md", "docs/zh/observability.md"],
  ])("%s and %s have the same headings", async (english, chinese) => {
    expect(headingsOf(await read(chinese))).toEqual(headingsOf(await read(english)));
  });

  it("link only to pages that exist", async () => {
    const broken: string[] = [];
    for (const page of pages) {
      for (const [, target = ""] of (await read(page)).matchAll(/\]\((?!https?:|#)([^)#]+)[^)]*\)/g)) {
        const path = join(root, page, "..", target);
        await readFile(path).catch(
          (error: NodeJS.ErrnoException) => error.code === "EISDIR" || broken.push(`${page}: ${target}`),
        );
      }
    }
    expect(broken).toEqual([]);
  });
});
