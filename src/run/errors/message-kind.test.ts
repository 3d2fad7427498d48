import { describe, expect, it } from "vitest";
import { messageKind } from "./message-kind.ts";

const alike = (...messages: readonly string[]): void => {
  expect(new Set(messages.map(messageKind)).size).toBe(1);
};

describe("the kind of a message", () => {
  it("leaves out numbers, however they are written", () => {
    alike("Limit 30000, Requested 31,250. Try again in 1.5s", "Limit 200, Requested 90. Try again in 12s");
  });

  it("leaves out ids and addresses", () => {
    alike(
      "request req_a81f02 for org-Ab12Cd34 failed at https://a.example/v1",
      "request req_77 for org-9zzz failed at http://b",
    );
    alike("id 3f2504e0-4f89-11d3-9a0c-0305e82c3301 is gone", "id 00000000-0000-0000-0000-000000000000 is gone");
    alike("trace 9f86d081884c7d65", "trace 2cf24dba5fb0a30e");
  });

  it("leaves out what is quoted", () => {
    alike(`$.label: "mixed" is not one of pos`, `$.label: "so so" is not one of pos`);
    alike("the model 'a' is unknown", "the model 'b-2' is unknown");
    alike("模型“甲”不存在", "模型“乙”不存在");
  });

  it("keeps apart what says something else, and apostrophes are no quotes", () => {
    expect(messageKind("it's the provider's fault")).toBe("it's the provider's fault");
    expect(messageKind("bad key")).not.toBe(messageKind("bad model"));
  });

  it("takes no longer for hostile messages than for others", () => {
    for (const hostile of ['"'.repeat(1e6), "a-".repeat(5e5), "1,".repeat(5e5), "'".repeat(1e6), "a1".repeat(5e5)]) {
      expect(messageKind(hostile).length).toBeLessThanOrEqual(1500);
    }
  });
});
