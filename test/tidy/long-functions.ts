import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative, resolve } from "node:path";
import { isTest, type Violation } from "./source-file.ts";

const config = {
  categories: { correctness: "off" },
  rules: { "eslint/max-lines-per-function": ["error", { max: 50 }] },
};

interface Report {
  readonly number_of_files: number;
  readonly diagnostics: readonly {
    readonly message: string;
    readonly filename: string;
    readonly labels: readonly { readonly span: { readonly line: number } }[];
  }[];
}

/** Functions of more than 50 lines in a folder, tests left out; oxlint counts, since it has the parser. */
export const longFunctions = async (
  folder: string,
): Promise<{ readonly files: number; readonly found: readonly Violation[] }> => {
  const work = await mkdtemp(join(tmpdir(), "tidy-"));
  try {
    const configPath = join(work, "oxlintrc.json");
    await writeFile(configPath, JSON.stringify(config));
    const report = await oxlint(["--config", configPath, "--format", "json", "."], folder);
    const found = report.diagnostics.filter(({ filename }) => !isTest(filename));
    return { files: report.number_of_files, found: found.map((diagnostic) => tooLong(folder, diagnostic)) };
  } finally {
    await rm(work, { recursive: true });
  }
};

const tooLong = (folder: string, { message, filename, labels }: Report["diagnostics"][number]): Violation => ({
  path: relative(".", resolve(folder, filename)).replaceAll("\\", "/"),
  line: labels[0]?.span.line ?? 1,
  rule: "size",
  message,
});

/** It exits with 1 when it has found something, so only unreadable output is a failure. */
const oxlint = (flags: readonly string[], folder: string): Promise<Report> =>
  new Promise((done, fail) => {
    const program = resolve("node_modules/oxlint/bin/oxlint");
    execFile(process.execPath, [program, ...flags], { cwd: folder, maxBuffer: 1e8 }, (_, stdout, stderr) => {
      try {
        done(JSON.parse(stdout) as Report);
      } catch {
        fail(new Error(`Cannot count function lengths: oxlint said ${stdout}${stderr}`));
      }
    });
  });
