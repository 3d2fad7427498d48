import { access, mkdir, mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { FailedRow } from "../records/error-groups.ts";
import { tidyErrorsFile } from "../records/errors-file.ts";
import { nodeFs } from "../files/node-fs.ts";
import { pathsOf } from "../paths.ts";
import { readProgress, type Progress } from "./resume.ts";
import type { RetryErrors } from "./retry-errors.ts";
import { type RowIndex, RowIndexBuilder } from "../source/row-index.ts";

const ids = ["a", "b", "c", "d"];

const index: RowIndex = (() => {
  const builder = new RowIndexBuilder();
  ids.forEach((id, row) => builder.addExplicit(id, row + 1));
  return builder.finish();
})();

const success = (id: string): string =>
  `{"id":"req_${id}","custom_id":"${id}","response":{"status_code":200,"request_id":null,"body":{}},"error":null}\n`;

const failure = (id: string, code: string, message = ""): string =>
  `${JSON.stringify({ id: "req_1", custom_id: id, body: {}, response: null, error: { code, message }, meta: { error_code: code } })}\n`;

interface Files {
  readonly output?: string;
  readonly errors?: string;
}

const place = async ({ output, errors }: Files) => {
  const paths = pathsOf(join(await mkdtemp(join(tmpdir(), "sluice-resume-")), "out.jsonl"));
  await mkdir(paths.folder);
  const journalPath = join(paths.folder, "journal");
  if (output !== undefined) await writeFile(paths.output, output);
  if (errors !== undefined) await writeFile(paths.errors, errors);
  return { paths, journal: journalPath };
};

const read = async (files: Files, retryErrors: RetryErrors = "retryable") => {
  const where = await place(files);
  const warnings: string[] = [];
  const { signal } = new AbortController();
  const warn = (message: string): void => void warnings.push(message);
  const progress = await readProgress({ fs: nodeFs, ...where, index, retryErrors, signal, warn });
  return { ...where, progress, warnings, ...idsOf(progress) };
};

const idsOf = ({ done, failed, left }: Progress) => ({
  done: ids.filter((_, row) => done.has(row)).join(""),
  failed: ids.filter((_, row) => failed.has(row)).join(""),
  left: ids.filter((_, row) => left.has(row)).join(""),
});

describe("readProgress", () => {
  it("finds nothing where nothing is", async () => {
    expect(await read({})).toMatchObject({ done: "", failed: "", left: "", warnings: [] });
  });

  it("marks the rows that have an answer and counts the answers of no row", async () => {
    const { done, progress } = await read({ output: success("c") + success("gone") + success("a") + success("a") });
    expect(done).toBe("ac");
    expect(progress.strangers).toBe(1);
  });

  it("sends failed rows again unless the same request would fail again; the last failure counts", async () => {
    const errors =
      failure("a", "server") +
      failure("b", "content_filter") +
      failure("c", "content_filter") +
      failure("c", "timeout");
    expect(await read({ errors })).toMatchObject({ failed: "abc", left: "b" });
    expect(await read({ errors }, "all")).toMatchObject({ failed: "abc", left: "" });
    expect(await read({ errors }, "none")).toMatchObject({ failed: "abc", left: "abc" });
  });

  it("forgets the failure of a row that was answered later", async () => {
    const files = { output: success("a"), errors: failure("a", "content_filter") };
    expect(await read(files)).toMatchObject({ done: "a", failed: "", left: "" });
  });

  it("repairs torn ends with a warning", async () => {
    const { done, failed, warnings, paths } = await read({
      output: success("a") + success("b").slice(0, 40),
      errors: failure("c", "server") + failure("d", "server").slice(0, 9),
    });
    expect({ done, failed }).toEqual({ done: "a", failed: "c" });
    expect(warnings).toHaveLength(2);
    expect(await readFile(paths.output, "utf8")).toBe(success("a"));
  });

  it("takes what a crash has left of the errors file for rubbish, though it be JSON by chance, in a run that is known", async () => {
    const files = { output: success("a"), errors: `${failure("c", "server")}7\n${failure("d", "server")}` };
    await expect(read(files)).rejects.toMatchObject({ exitCode: 6 });
    const where = await place({ output: success("a"), errors: failure("c", "server") });
    const warnings: string[] = [];
    const known = {
      fs: nodeFs,
      ...where,
      index,
      retryErrors: "retryable",
      signal: new AbortController().signal,
      warn: (message: string) => void warnings.push(message),
    } as const;
    await readProgress(known);
    await writeFile(where.paths.errors, files.errors);
    expect(idsOf(await readProgress(known))).toMatchObject({ done: "a", failed: "cd" });
    expect(warnings).toEqual([expect.stringMatching(/^a crash has damaged 1 line of /)]);
  });

  it.each([
    [success("a") + "{broken}\n" + success("b"), /line 2 is damaged/],
    [
      success("a") + '{"custom_id":"x","method":"POST","url":"/","body":{}}\n' + success("b"),
      /is not the output of a run/,
    ],
    ['{"prompt":"mine"}\n', /is not the output of a run/],
    ["my notes", /is not the output of a run/],
  ])("refuses an output with something else in it, and changes nothing", async (output, message) => {
    const refusal = read({ output });
    await expect(refusal).rejects.toMatchObject({ exitCode: 6, message: expect.stringMatching(message) });
  });
});

describe("tidyErrorsFile", () => {
  const tidy = async (errors: string, done: readonly string[]) => {
    const { paths, progress } = await read({ output: done.map(success).join(""), errors });
    const failures: FailedRow[] = [];
    const onFailure = (row: FailedRow): void => void failures.push(row);
    await tidyErrorsFile({ fs: nodeFs, path: paths.errors, index, done: progress.done, onFailure });
    return { failures, path: paths.errors };
  };

  it("keeps the last failure of each row without an answer, and failures of rows that are not in the input", async () => {
    const last = failure("b", "server", "last");
    const other = failure("gone", "server");
    const { failures, path } = await tidy(failure("a", "server") + failure("b", "timeout") + other + last, ["a"]);
    expect(await readFile(path, "utf8")).toBe(other + last);
    expect(failures).toEqual([{ id: "b", code: "server", message: "last", retryable: true }]);
  });

  it("removes the file when nothing is left in it", async () => {
    const { path } = await tidy(failure("a", "server"), ["a"]);
    await expect(access(path)).rejects.toThrow(/ENOENT/);
  });

  it("does not rewrite a file that is in order, and reports what is in it", async () => {
    const errors = failure("a", "server") + failure("b", "content_filter");
    const { failures, path } = await tidy(errors, []);
    expect(await readFile(path, "utf8")).toBe(errors);
    expect(failures.map(({ id, retryable }) => [id, retryable])).toEqual([
      ["a", true],
      ["b", false],
    ]);
  });
});
