import { mkdir, mkdtemp, readdir, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { commandHere, type Said } from "../../../test/fixtures/command-here.ts";
import { templateNames } from "../init/templates.ts";

let folder = "";

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "sluice-init-"));
});

const init = (words: readonly string[], environment: Readonly<Record<string, string>> = {}): Promise<Said> =>
  commandHere(["init", ...words], { folder, environment });

const text = (name: string): Promise<string> => readFile(join(folder, name), "utf8");

describe("sluice init", () => {
  it("writes a configuration for a key that is there, and an example, and says what to run", async () => {
    const key = "sk-secret-secret-secret";
    const { code, stderr } = await init(["--yes"], { DEEPSEEK_API_KEY: key });
    expect(code).toBe(0);
    expect(await text("sluice.config.yaml")).toContain(
      "model: deepseek/deepseek-chat # the key is read from DEEPSEEK_API_KEY\n",
    );
    expect(await text("questions.jsonl")).toMatch(/^\{"custom_id":"q1","prompt":/);
    expect(stderr).toContain(
      "\n  sluice doctor -m deepseek/deepseek-chat\n  sluice run questions.jsonl -o answers.jsonl\n",
    );
    expect(stderr + (await text("sluice.config.yaml"))).not.toContain(key);
    expect(stderr).not.toContain("export");
  });

  it.each(templateNames.flatMap((name) => ["ts", "yaml", "json"].map((format) => [name, format] as const)))(
    "writes a template %s in %s that a command can read",
    async (template, format) => {
      expect((await init(["--yes", "--template", template, "--format", format])).code).toBe(0);
      const { code, stdout } = await commandHere(["config", "--origin"], { folder });
      expect(code).toBe(0);
      expect(stdout).toMatch(new RegExp(`model +\\S+ +sluice\\.config\\.${format}`));
    },
  );

  it("imports the types where the package is installed, and says how to set a key that is not there", async () => {
    await mkdir(join(folder, "node_modules/sluice"), { recursive: true });
    await writeFile(join(folder, "node_modules/sluice/package.json"), "{}");
    await writeFile(join(folder, "package.json"), "{}");
    const { stderr } = await init(["--yes"], { npm_command: "exec" });
    expect(await text("sluice.config.ts")).toContain('import { defineConfig } from "sluice";');
    expect(stderr).toContain("export OPENAI_API_KEY=…");
    expect(stderr).toContain("\n  npx sluice run questions.jsonl");
  });

  it("speaks Chinese, in the files too, where the terminal does", async () => {
    const { stderr } = await init(["--yes", "--template", "qwen"], { LANG: "zh_CN.UTF-8" });
    expect(stderr).toContain("接下来\n  sluice doctor -m qwen/qwen-plus\n");
    expect(await text("reviews.csv")).toContain("物流很快");
  });

  it("writes over nothing, unless it is told to, and keeps to one configuration", async () => {
    await writeFile(join(folder, "questions.jsonl"), "mine\n");
    const refused = await init(["--yes"]);
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining("questions.jsonl is there already") });
    expect(await readdir(folder)).toEqual(["questions.jsonl"]);
    expect((await init(["--yes", "--force"])).code).toBe(0);
    expect(await text("questions.jsonl")).not.toBe("mine\n");
    const second = await init(["--yes", "--force", "--format", "ts"]);
    expect(second).toMatchObject({ code: 2, stderr: expect.stringContaining("sluice.config.yaml is there already") });
  });

  it("lets git ignore .env when it is asked to, once", async () => {
    await writeFile(join(folder, ".gitignore"), "dist");
    await init(["--yes"]);
    expect(await text(".gitignore")).toBe("dist");
    await init(["--yes", "--force", "--gitignore"]);
    await init(["--yes", "--force", "--gitignore"]);
    expect(await text(".gitignore")).toBe("dist\n.env\n");
  });

  it("does not guess where it cannot ask", async () => {
    const { code, stderr } = await init([]);
    expect(code).toBe(2);
    expect(stderr).toContain("sluice init --yes");
    expect(await readdir(folder)).toEqual([]);
  });
});
