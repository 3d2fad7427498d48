import { describe, expect, it } from "vitest";
import { checkKeys } from "./check-keys.ts";

describe("checkKeys", () => {
  it("refuses a misspelt option, and says which there are and which was meant", () => {
    expect(() => checkKeys("limit calls", "limits", { maxConcurent: 5 }, ["maxConcurrent"])).toThrow(
      'Cannot limit calls: "limits" has no option "maxConcurent"; it has maxConcurrent. Did you mean "maxConcurrent"?',
    );
    expect(() => checkKeys("limit calls", "limits", { rpm: 5 }, ["maxConcurrent"])).toThrow(/it has maxConcurrent$/);
  });

  it.each([["2m"], [null], [[1]], [undefined]])("refuses %o, which is no object", (value) => {
    expect(() => checkKeys("time calls", "timeout", value, [])).toThrow(/"timeout" must be an object/);
  });

  it("accepts any of the known ones", () => {
    expect(() => checkKeys("time calls", "timeout", { idle: 1 }, ["idle", "total"])).not.toThrow();
  });
});
