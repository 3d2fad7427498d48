import { expect, it } from "vitest";
import { goDuration } from "./go-duration.ts";

it.each([
  [-5, "0s"],
  [0, "0s"],
  [0.2, "1ms"],
  [120, "120ms"],
  [1000, "1s"],
  [1500, "1.5s"],
  [8640, "8.64s"],
  [360_000, "6m0s"],
  [3_600_000, "1h0m0s"],
  [29_523_500, "8h12m3.5s"],
])("writes %d ms as Go does: %s", (ms, text) => {
  expect(goDuration(ms)).toBe(text);
});
