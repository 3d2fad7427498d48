import { describe, expect, it } from "vitest";
import type { Operation } from "../../call/call.ts";
import { operationOfUrl, urlOfOperation } from "./batch-url.ts";

const operations: readonly Operation[] = ["chat", "responses", "embeddings", "messages", "generate"];

describe("the url of a batch line", () => {
  it.each(operations)("means %s also when we have written it, whatever the model is called", (operation) => {
    for (const model of ["m", "", "publishers/google/m"])
      expect(operationOfUrl(urlOfOperation(operation, model))).toBe(operation);
  });

  it("means nothing where its tail is none of ours", () => {
    expect(operationOfUrl("/v1/images/generations")).toBeUndefined();
  });
});
