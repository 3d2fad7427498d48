import { crc32 } from "node:zlib";
import type { Fs } from "../files/fs.ts";
import type { LinePlace } from "../files/record-log.ts";
import { maxRecordBytes, notRecord } from "../records/record-file.ts";
import { readFailure, readRecord, type RecordIdentity } from "../records/record-line.ts";
import { type IdHash, idHash } from "../source/id-hash.ts";
import { type Line, readLines } from "../source/lines.ts";

/** A record of the truth, and where it stands. */
export interface TruthLine extends RecordIdentity, LinePlace {}

/** A line as a journal notes it. */
interface NotedLine {
  readonly id: IdHash;
  readonly length: number;
  readonly checksum: number;
}

/** How the truth is read. */
export interface TruthOptions {
  readonly fs: Fs;
  readonly path: string;
  /** The byte to begin at; a line begins there. */
  readonly from: number;
  /** Below this byte everything was durable: damage there was not done by a crash. */
  readonly sureBelow: number;
  /** What the journal noted of lines above it, by where they begin. */
  readonly noted: ReadonlyMap<number, NotedLine>;
  readonly signal: AbortSignal;
  /** Told where the first line begins that is no record: all from there on is worthless to the run, but may be `foreign`. */
  readonly onCut: (offset: number, foreign: boolean) => void;
}

/** Reads the records of the truth, of which there may be none yet, up to the first one that a crash has damaged. @throws RunError for a line that somebody else has damaged */
export async function* readTruth(options: TruthOptions): AsyncGenerator<readonly TruthLine[]> {
  const { fs, path, from, signal } = options;
  const noted = new Map(options.noted);
  if ((await fs.stat(path)) === undefined) return;
  for await (const lines of readLines(path, { fs, from, signal, maxLineBytes: maxRecordBytes })) {
    const records: TruthLine[] = [];
    for (const line of lines) {
      const record = line.offset < options.sureBelow ? sureRecord(line, path) : checkedRecord(line, noted);
      if (record === "blank") continue;
      if (record === "cut" || record === "foreign") {
        yield records;
        return options.onCut(line.offset, record === "foreign");
      }
      records.push({ ...record, offset: line.offset, length: line.length, checksum: crc32(line.raw) });
    }
    yield records;
  }
}

const sureRecord = (line: Line, path: string): RecordIdentity | "blank" => {
  const record = readRecord(line);
  if (typeof record === "object") return record;
  if (line.isBlank) return "blank";
  throw notRecord(record, path, line);
};

/** What is no record here may be the rest of one, or somebody else's. */
const checkedRecord = (line: Line, noted: Map<number, NotedLine>): RecordIdentity | "cut" | "foreign" => {
  // No run writes a blank one; it is what a crash has left of a line.
  if (!line.complete || line.isBlank || isGarbled(line)) return "cut";
  const whole = readFailure(line);
  const record = typeof whole === "object" ? readRecord(line) : whole;
  const expected = noted.get(line.offset);
  if (expected !== undefined && expected.checksum !== crc32(line.raw)) {
    if (typeof record !== "object") return "cut";
    if (!isMoved(line, idHash(record.customId), expected)) return "foreign";
    noted.clear();
  }
  return typeof record === "object" ? record : "foreign";
};

/** Whether a whole answer of another row stands there, which no damage makes: the journal is not of this order of the truth. */
const isMoved = ({ length }: Line, { high, low }: IdHash, { id, length: notedLength }: NotedLine): boolean =>
  (id.high !== high || id.low !== low) && length !== notedLength;

/** What a crash leaves of a line that was not on the disk yet: zeros, or another sector's bytes. No text of ours has such. */
const isGarbled = ({ isUtf8, raw }: Line): boolean => {
  if (!isUtf8) return true;
  for (let at = 0; at < raw.length - 1; at++) if ((raw[at] ?? 0) < 0x20 && !spaces.has(raw[at] ?? 0)) return true;
  return false;
};

const spaces: ReadonlySet<number> = new Set([0x09, 0x0d]);
