import { mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { measuredInput } from "../fixtures/measured-input.ts";

const mebibyte = 1024 * 1024;

const makers = {
  "in.jsonl": { head: "", row: (place: number) => `{"prompt":"question ${place} ${"x".repeat(100)}"}\n`, tail: "" },
  "in.json": { head: '["first"', row: (place: number) => `,\n{"prompt":"question ${place}"}`, tail: "]" },
  "in.csv": { head: "prompt,n\n", row: (place: number) => `"question, ${place}",${place}\n`, tail: "" },
} as const;

it.each(Object.entries(makers))("1,000,000 rows are read in flat memory: %s", async (name, { head, row, tail }) => {
  const folder = await mkdtemp(join(tmpdir(), "sluice-million-"));
  try {
    const file = await open(join(folder, name), "w");
    await file.write(head);
    for (let from = 0; from < 1_000_000; from += 10_000) {
      await file.write(Array.from({ length: 10_000 }, (_, place) => row(from + place)).join(""));
    }
    await file.write(tail);
    await file.close();
    const { rows, samples, error } = await measuredInput(join(folder, name));
    const [warm = 0, last = 0] = [samples[3], samples.at(-1)];
    console.log(name, rows, samples.map((bytes) => Math.round(bytes / mebibyte)).join(" "));
    expect(error).toBe("");
    expect(rows).toBeGreaterThanOrEqual(1_000_000);
    expect((last - warm) / mebibyte / 6).toBeLessThan(1);
  } finally {
    await rm(folder, { recursive: true });
  }
});
