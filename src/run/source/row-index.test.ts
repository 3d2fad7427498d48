import { describe, expect, it } from "vitest";
import { RowIndexBuilder } from "./row-index.ts";

describe("RowIndexBuilder", () => {
  it("finds each of very many ids, and none that is not there", () => {
    const index = new RowIndexBuilder();
    for (let row = 0; row < 100_000; row++) expect(index.addExplicit(`id-${row}`, row + 1)).toBeUndefined();
    index.finish();
    expect(index.rows).toBe(100_000);
    for (let row = 0; row < 100_000; row += 7) expect(index.find(`id-${row}`)).toBe(row);
    expect(index.find("id-100000")).toBeUndefined();
    expect([index.lineOf(99_999), index.occurrence(99_999), index.matches(99_999, "id-99999")]).toEqual([
      100_000,
      1,
      true,
    ]);
  });

  it("holds 100,000 rows in at most 40 bytes a row", () => {
    const index = new RowIndexBuilder();
    for (let row = 0; row < 100_000; row++) index.addMade(`row-${row % 50_000}`, row + 1);
    expect(index.finish().bytes / 100_000).toBeLessThanOrEqual(40);
  });

  it("names the row that has an explicit id already", () => {
    const index = new RowIndexBuilder();
    index.addExplicit("a", 1);
    index.addExplicit("b", 2);
    expect(index.addExplicit("a", 3)).toBe(0);
    expect(index.rows).toBe(2);
  });

  it("numbers the repeats of a made id, past numbers that are taken", () => {
    const index = new RowIndexBuilder();
    index.addExplicit("row-x-2", 1);
    for (const line of [2, 3, 4]) index.addMade("row-x", line);
    expect([1, 2, 3].map((row) => index.occurrence(row))).toEqual([1, 3, 4]);
    expect([index.find("row-x"), index.find("row-x-3"), index.find("row-x-4")]).toEqual([1, 2, 3]);
  });

  it("numbers a great many repeats in linear time", () => {
    const index = new RowIndexBuilder();
    for (let row = 0; row < 50_000; row++) index.addMade("row-x", row + 1);
    expect(index.find("row-x-50000")).toBe(49_999);
  });

  it("takes names of object properties as ordinary ids", () => {
    const index = new RowIndexBuilder();
    for (const id of ["__proto__", "constructor", "toString"]) expect(index.addExplicit(id, 1)).toBeUndefined();
    expect(index.find("__proto__")).toBe(0);
    expect(index.find("hasOwnProperty")).toBeUndefined();
  });
});
