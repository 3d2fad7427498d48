import { describe, expect, it } from "vitest";
import { closest } from "./did-you-mean.ts";

describe("closest", () => {
  it("finds a word with swapped, missing, added or replaced letters", () => {
    const columns = ["id", "review", "stars", "created_at"];
    for (const word of ["reveiw", "revew", "reviews", "revvew", "Review"])
      expect(closest(word, columns)).toBe("review");
    expect(closest("create_at", columns)).toBe("created_at");
  });

  it("prefers the nearest candidate", () => {
    expect(closest("--tpn", ["--rpm", "--tpm", "--rpd"])).toBe("--tpm");
  });

  it("suggests nothing when too much differs", () => {
    expect(closest("question", ["answer", "id"])).toBeUndefined();
    expect(closest("ab", ["cd"])).toBeUndefined();
    expect(closest("x", [])).toBeUndefined();
  });
});
