import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { commandHere } from "../../../test/fixtures/command-here.ts";
import { shellNames } from "../completion/shell-names.ts";

let folder = "";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "sluice-completion-"));
  for (const shell of shellNames) {
    const { code, stdout } = await commandHere(["completion", shell], { folder });
    expect(code).toBe(0);
    await writeFile(join(folder, shell), stdout);
  }
  await writeFile(join(folder, "reviews.csv"), "");
});

/** What bash offers for the last of these words. */
const inBash = (...words: readonly string[]): readonly string[] => {
  const script = `source ./bash
    COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)); _sluice; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const said = execFileSync("bash", ["-c", script, "bash", "sluice", ...words], { cwd: folder, encoding: "utf8" });
  return said.split("\n").filter((line) => line !== "");
};

describe.runIf(existsSync("/bin/bash"))("completion in bash", () => {
  it.each<[readonly string[], readonly string[]]>([
    [["re"], ["retry"]],
    [["--v"], ["--version"]],
    [["run", "--send-o"], ["--send-order"]],
    [
      ["run", "--order", ""],
      ["input", "completion"],
    ],
    [["run", "--order", "=", "inp"], ["input"]],
    [["run", "rev"], ["reviews.csv"]],
    [["run", "x.csv", "-m", "deeps"], ["deepseek/"]],
    [["retry", "out.jsonl", "--code", "time"], ["timeout"]],
    [["run", "-p", ""], []],
    [["init", "--format", "y"], ["yaml"]],
    [["completion", "f"], ["fish"]],
  ])("offers for %j just %j", (words, offered) => {
    expect(inBash(...words)).toEqual(offered);
  });
});

describe("completion elsewhere", () => {
  it.runIf(existsSync("/usr/bin/zsh"))("is a script that zsh can read", () => {
    execFileSync("zsh", ["-n", join(folder, "zsh")]);
  });

  it.runIf(existsSync("/usr/bin/fish"))("is offered by fish", () => {
    const script = `source ${join(folder, "fish")}; complete -C 'sluice run --order '`;
    expect(execFileSync("fish", ["-c", script], { encoding: "utf8" })).toMatch(/^completion\t.*\ninput\t/);
  });

  it("names the shells that there are when it is asked for another", async () => {
    const { code, stderr } = await commandHere(["completion", "tcsh"], { folder });
    expect(code).toBe(2);
    expect(stderr).toContain('the shell must be bash, zsh, fish or powershell, got "tcsh"');
  });
});
