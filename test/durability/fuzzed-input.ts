import { mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "vitest";
import { openSource, type SourceOptions } from "../../src/run/source/source.ts";
import { seededRng } from "../../src/time/rng.ts";
import { type GeneratedLine, jsonLine, tableRow } from "../fixtures/input-lines.ts";
import { encode } from "../fixtures/source-file.ts";

/** An input that is generated, and how it is read. */
export interface FuzzedInput {
  readonly format: "jsonl" | "csv";
  readonly seed: number;
  readonly rows: number;
}

/** Reads a generated input, and finds out whether all that is wrong with it was told, and nothing else. */
export const checkFuzzedInput = async ({ format, seed, rows }: FuzzedInput): Promise<void> => {
  const folder = await mkdtemp(join(tmpdir(), "sluice-fuzz-"));
  try {
    const path = join(folder, `in.${format}`);
    const written = await write(path, { format, seed, rows });
    await checkSkipped(path, format, written);
    await checkRefused(path, format, written);
  } finally {
    await rm(folder, { recursive: true });
  }
};

interface Written {
  readonly good: number;
  readonly blank: number;
  /** The lines where broken rows begin, from 1. */
  readonly broken: readonly number[];
}

const write = async (path: string, { format, seed, rows }: FuzzedInput): Promise<Written> => {
  const rng = seededRng(seed);
  const file = await open(path, "w");
  const broken: number[] = [];
  let [line, good, blank] = [1, 0, 0];
  let pieces: Buffer[] = [];
  const add = ({ bytes, kind }: GeneratedLine): void => {
    if (kind === "broken") broken.push(line);
    else if (kind === "good") good += 1;
    else blank += 1;
    pieces.push(bytes, newline);
    line += 1 + newlinesIn(bytes);
  };
  if (format === "csv") {
    pieces.push(Buffer.from("custom_id,q\n"));
    line += 1;
  }
  for (let place = 0; place < rows; place++) {
    add(format === "csv" ? tableRow(rng, place) : jsonLine(rng, place));
    if (pieces.length < 20_000) continue;
    await file.write(Buffer.concat(pieces));
    pieces = [];
  }
  await file.write(Buffer.concat(pieces));
  await file.close();
  return { good, blank, broken };
};

const newline = Buffer.from("\n");

const newlinesIn = (bytes: Buffer): number => bytes.reduce((count, byte) => count + (byte === 0x0a ? 1 : 0), 0);

const settings = (path: string, format: FuzzedInput["format"]): SourceOptions => ({
  path,
  name: "in",
  encode,
  ...(format === "csv" ? { prompt: "{{q}}" } : {}),
});

const checkSkipped = async (path: string, format: FuzzedInput["format"], written: Written): Promise<void> => {
  const source = await openSource({ ...settings(path, format), inputErrors: "skip" });
  const index = await source.validate(new AbortController().signal);
  const named: number[] = [];
  for await (const { line } of source.invalidRows(index)) named.push(line);
  expect(named).toEqual(written.broken);
  let sent = 0;
  for await (const row of source.rows(index, () => false)) if (row.line > 0) sent += 1;
  expect([sent, index.skippedBlankLines]).toEqual([written.good, written.blank]);
};

const checkRefused = async (path: string, format: FuzzedInput["format"], { broken }: Written): Promise<void> => {
  const source = await openSource(settings(path, format));
  const error = await source.validate(new AbortController().signal).then(
    () => new Error("it did not fail"),
    (reason: Error) => reason,
  );
  expect(error.name).toBe("InputError");
  expect(error.message).toContain(`${broken.length.toLocaleString("en")} rows of the input cannot be sent`);
  const named = [...error.message.matchAll(/^ {2}in line ([\d,]+), byte [\d,]+: /gm)].map(([, line = ""]) => line);
  expect(named).toEqual(broken.slice(0, 20).map((line) => line.toLocaleString("en")));
};
