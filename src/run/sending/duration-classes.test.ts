import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../call/json.ts";
import { classLimit, DurationClasses } from "./duration-classes.ts";

const asking = (characters: number, fields: JsonObject = {}): JsonObject => ({
  messages: [{ role: "user", content: "x".repeat(characters) }],
  ...fields,
});

const classesOf = (...bodies: readonly JsonObject[]): readonly number[] => {
  const classes = new DurationClasses();
  for (const body of bodies) classes.add(body);
  return Array.from(classes.finish());
};

describe("the duration classes of rows", () => {
  it("rise by one with twice the bound on the output, where bounds differ", () => {
    const [one = 0, ...others] = classesOf(...[128, 256, 512].map((bound) => asking(40, { max_tokens: bound })));
    expect(others).toEqual([one + 1, one + 2]);
  });

  it("follow from the input alone where all bounds are one", () => {
    const [shortest, longest] = [asking(400, { max_tokens: 8000 }), asking(400_000, { max_tokens: 8000 })];
    const [low = 0, high = 0] = classesOf(shortest, longest);
    expect(high - low).toBeGreaterThanOrEqual(2);
    expect(classesOf(asking(400), asking(400_000))).toEqual([low, high]);
  });

  it("are the same for questions of ordinary length", () => {
    expect(new Set(classesOf(...[20, 200, 2000, 20_000].map((length) => asking(length)))).size).toBe(1);
  });

  it("stay within their range whatever a row says", () => {
    const bounds = [0, -5, 1e300, Number.POSITIVE_INFINITY, "many", null];
    for (const place of classesOf(...bounds.map((bound) => asking(4, { max_tokens: bound })))) {
      expect(place).toBeGreaterThanOrEqual(0);
      expect(place).toBeLessThan(classLimit);
    }
  });

  it("are one for each row of very many", () => {
    const classes = new DurationClasses();
    for (let row = 0; row < 10_000; row++) classes.add(asking(4, { max_tokens: row % 2 === 0 ? 1000 : 1 }));
    const found = classes.finish();
    expect(found).toHaveLength(10_000);
    expect(found.every((place, row) => place === found[row % 2])).toBe(true);
  });
});
