import { describe, expect, it } from "vitest";
import { demoPrompts } from "./demo-prompts.ts";

describe("the demo's prompts", () => {
  it("are as many as asked for, and all different", () => {
    expect(new Set(demoPrompts(1000)).size).toBe(1000);
  });
});
