import { describe, expect, it } from "vitest";
import { folder, provider, readRecords, sluice } from "./cli.ts";

describe("sluice init", () => {
  it("leads from an empty folder to answers, where the package is not installed", async () => {
    const [{ url }, at] = [await provider(), await folder()];
    const here = { cwd: at("."), environment: { OPENAI_API_KEY: "sk-0123456789abcdef", OPENAI_BASE_URL: url } };
    const { code, stderr } = await sluice(["init", "--yes", "--format", "ts"], here);
    expect([code, stderr]).toEqual([0, expect.stringContaining("sluice run questions.jsonl -o answers.jsonl")]);
    const run = await sluice(["run", "questions.jsonl", "-o", "answers.jsonl"], here);
    expect([run.code, run.stderr]).toEqual([0, expect.stringContaining("3 ok")]);
    expect(await readRecords(at("answers.jsonl"))).toHaveLength(3);
  });
});
