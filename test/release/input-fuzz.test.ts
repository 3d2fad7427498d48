import { it } from "vitest";
import { checkFuzzedInput } from "../durability/fuzzed-input.ts";

it.each(["jsonl", "csv"] as const)(
  "1,000,000 generated rows of %s have every bad line named, and no good one",
  async (format) => {
    const seed = Math.floor(Date.now() / 1000);
    console.log(`seeds ${seed} to ${seed + 9}`);
    for (let file = 0; file < 10; file++) await checkFuzzedInput({ format, seed: seed + file, rows: 100_000 });
  },
);
