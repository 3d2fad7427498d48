import { describe, it } from "vitest";
import { fuzzTemplates } from "../security/fuzzed-templates.ts";

describe("a template", () => {
  it("gives a text of bounded size, or says what is wrong with it, a hundred thousand times", () =>
    fuzzTemplates(100_000));
});
