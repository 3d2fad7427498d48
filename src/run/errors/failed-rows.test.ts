import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { nodeFs } from "../files/node-fs.ts";
import { pathsOf } from "../paths.ts";
import type { FailedRow } from "./error-causes.ts";
import { failedRows } from "./failed-rows.ts";

const failure = (id: string, message: string, meta: object = {}): string =>
  `${JSON.stringify({
    id: "req_1",
    custom_id: id,
    response: null,
    error: { code: "timeout", message },
    meta: { error_code: "timeout", error_message: message, ...meta },
  })}\n`;

const success = (id: string): string =>
  `${JSON.stringify({ id: "req_2", custom_id: id, response: { status_code: 200, body: {} }, error: null })}\n`;

const read = async (
  { output = "", errors }: { output?: string; errors?: string },
  tidy: boolean,
): Promise<{ rows: readonly FailedRow[]; unreadable: number }> => {
  const folder = await mkdtemp(join(tmpdir(), "sluice-failed-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const paths = pathsOf(join(folder, "out.jsonl"));
  await writeFile(paths.output, output);
  if (errors !== undefined) await writeFile(paths.errors, errors);
  const rows: FailedRow[] = [];
  let unreadable = 0;
  const onUnreadable = (): void => void (unreadable += 1);
  for await (const batch of failedRows({ fs: nodeFs, paths, tidy, onUnreadable })) rows.push(...batch);
  return { rows, unreadable };
};

describe("failedRows", () => {
  it("tells of each failure with model and attempts", async () => {
    const { rows } = await read({ errors: failure("a", "slow", { model: "m", attempts: 4 }) }, true);
    expect(rows).toEqual([{ id: "a", code: "timeout", message: "slow", retryable: true, model: "m", attempts: 4 }]);
  });

  it("leaves out of what is not in order the rows that were answered, and all failures but the last of a row", async () => {
    const errors = failure("a", "one") + failure("b", "one") + failure("a", "two") + failure("a", "three");
    const { rows } = await read({ output: success("b") + success("c"), errors }, false);
    expect(rows.map(({ id, message }) => [id, message])).toEqual([["a", "three"]]);
  });

  it("passes over what is torn, and counts it", async () => {
    const { rows, unreadable } = await read({ errors: failure("a", "one") + failure("b", "two").slice(0, -5) }, false);
    expect([rows.length, unreadable]).toEqual([1, 1]);
  });

  it("finds none where there is no errors file", async () => {
    expect(await read({ output: success("a") }, false)).toEqual({ rows: [], unreadable: 0 });
  });
});
