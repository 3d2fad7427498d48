import { describe, expect, it } from "vitest";
import { ErrorCauses, type FailedRow } from "./error-causes.ts";

const refused = (id: string, message = "the prompt was rejected"): FailedRow => ({
  id,
  code: "content_filter",
  status: 400,
  message,
  retryable: false,
  model: "openai/m",
  attempts: 1,
});

describe("ErrorCauses", () => {
  it("groups by code, status and the kind of message, the most common first", () => {
    const causes = new ErrorCauses({ keptIds: 2 });
    causes.add({ id: "t1", code: "timeout", message: "no bytes for 120 s", retryable: true, attempts: 4 });
    for (const id of ["a", "b", "c"]) causes.add(refused(id));
    causes.add({ id: "t2", code: "timeout", message: "no bytes for 60 s", retryable: true, attempts: 6 });
    causes.add({ ...refused("d"), status: 422 });
    expect(causes.count).toBe(6);
    expect(causes.list()).toEqual([
      {
        code: "content_filter",
        status: 400,
        count: 3,
        message: "the prompt was rejected",
        retryable: false,
        models: ["openai/m"],
        attempts: { least: 1, most: 1 },
        ids: ["a", "b"],
      },
      {
        code: "timeout",
        count: 2,
        message: "no bytes for 120 s",
        retryable: true,
        models: [],
        attempts: { least: 4, most: 6 },
        ids: ["t1", "t2"],
      },
      expect.objectContaining({ status: 422, count: 1 }),
    ]);
  });

  it("counts by code what is beyond the causes that it keeps apart", () => {
    const causes = new ErrorCauses({ mostCauses: 3 });
    const words = ["red", "green", "blue", "white", "black", "grey"];
    for (const word of words) causes.add(refused(word, `no ${word}`));
    causes.add({ id: "n", code: "network", message: "reset", retryable: true });
    const list = causes.list();
    expect(list).toHaveLength(5);
    expect(list[0]).toEqual({
      code: "content_filter",
      count: 3,
      retryable: false,
      models: ["openai/m"],
      attempts: { least: 1, most: 1 },
      ids: ["white", "black", "grey"],
    });
    expect(list.reduce((sum, { count }) => sum + count, 0)).toBe(causes.count);
  });
});
