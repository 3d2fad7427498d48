import { expect, it } from "vitest";
import { tearTails } from "../fixtures/torn-tails.ts";

it.each([
  { answerBytes: 200, wholeLines: 20 },
  { answerBytes: 70_000, wholeLines: 4 },
  { answerBytes: 3_000_000, wholeLines: 2 },
])("cuts off the answer of $answerBytes bytes in which it was killed, and asks for it again", async (size) => {
  const fractions = [0.2, 0.5, 0.9];
  expect(await tearTails({ ...size, fractions })).toBe(fractions.length);
});
