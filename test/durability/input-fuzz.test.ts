import { describe, it } from "vitest";
import { checkFuzzedInput } from "./fuzzed-input.ts";

describe("generated input", () => {
  it.each(["jsonl", "csv"] as const)(
    "of 15,000 rows of %s has every bad line named, and no good one",
    async (format) => {
      await checkFuzzedInput({ format, seed: 1, rows: 15_000 });
    },
  );
});
