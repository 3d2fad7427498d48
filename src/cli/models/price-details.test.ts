import { describe, expect, it } from "vitest";
import { createPriceBook } from "../../provider/prices/price-book.ts";
import { priceDetails } from "./price-details.ts";

describe("priceDetails", () => {
  it("shows what a million tokens cost, and says so where nobody knows", async () => {
    const overrides = { "deepseek/mine": { input: 2, output: 3, currency: "CNY" } } as const;
    const book = createPriceBook({ overrides });
    await book.load();
    const of = (provider: string, id: string): string | undefined =>
      priceDetails(book, provider, "unknown").detailsOf?.(id);
    expect(of("openai", "gpt-4o-mini")).toMatch(/^in \$0\.15 {2}out \$0\.60 {2}cached \$0\.07\d*$/);
    expect(of("openai", "gpt-4o-mini-2024-07-18")).toContain("(gpt-4o-mini");
    expect(of("openai", "no-such-model")).toBe("unknown");
    expect(of("deepseek", "mine")).toBe("in ¥2.00  out ¥3.00  (deepseek/mine)");
  });
});
