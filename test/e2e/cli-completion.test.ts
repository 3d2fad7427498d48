import { execFileSync } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { folder, sluice } from "./cli.ts";

describe("sluice completion", () => {
  it("prints a script that bash completes with", async () => {
    const [{ code, stdout, stderr }, at] = [await sluice(["completion", "bash"]), await folder()];
    expect([code, stderr]).toEqual([0, ""]);
    await writeFile(at("script"), stdout);
    const asked = `source ${at("script")}; COMP_WORDS=(sluice run --on-q); COMP_CWORD=2; _sluice; echo "\${COMPREPLY[@]}"`;
    expect(execFileSync("bash", ["-c", asked], { encoding: "utf8" })).toBe("--on-quota\n");
  });
});
