import { isJsonObject, type JsonObject } from "../../call/json.ts";
import type { Fs, FsFile } from "../files/fs.ts";

/** Which record is looked for. */
export interface RecordQuery {
  readonly fs: Fs;
  readonly path: string;
  readonly id: string;
  /** Of several records of a row the last one, which means that the whole file is read. @default the first */
  readonly last?: boolean;
  /** How much is read at once. @default 1 MiB */
  readonly chunkBytes?: number;
}

/** Finds the record of a row in one pass over the bytes of a file; only lines that name the id are parsed. @throws the system's error */
export const findRecord = async (query: RecordQuery): Promise<JsonObject | undefined> => {
  const { fs, path, id, last = false } = query;
  if ((await fs.stat(path))?.kind !== "file") return undefined;
  const file = await fs.open(path, "read");
  let found: JsonObject | undefined;
  try {
    for await (const at of placesOf(file, query)) {
      const record = await recordAt(file, at, id);
      if (record === undefined) continue;
      found = record;
      if (!last) break;
    }
    return found;
  } finally {
    await file.close();
  }
};

const defaultChunkBytes = 1024 * 1024;

/** Where the id stands as the value of a `custom_id`. */
async function* placesOf(file: FsFile, { id, chunkBytes = defaultChunkBytes }: RecordQuery): AsyncGenerator<number> {
  const needles = needlesOf(id);
  const overlap = Math.max(...needles.map(({ length }) => length)) + nameBytes;
  const chunk = Buffer.alloc(chunkBytes + overlap);
  let kept = 0;
  for (let position = 0; ;) {
    const taken = await file.read(chunk.subarray(kept), position);
    const text = chunk.subarray(0, kept + taken);
    const begin = position - kept;
    for (const at of foundIn(text, needles, kept)) yield begin + at;
    if (taken < chunk.length - kept) return;
    position += taken;
    kept = overlap;
    chunk.copy(chunk, 0, chunk.length - overlap);
  }
}

/** The end of what was read before was looked at then, except for what reached beyond it. */
function* foundIn(text: Buffer, needles: readonly Buffer[], seen: number): Generator<number> {
  for (const needle of needles) {
    for (let at = text.indexOf(needle); at !== -1; at = text.indexOf(needle, at + 1)) {
      const isNew = at + needle.length > seen;
      if (isNew && named.test(text.toString("latin1", Math.max(0, at - nameBytes), at))) yield at;
    }
  }
}

const named = /"custom_id"[ \t]*:[ \t]*$/u;
const nameBytes = 32;

/** An id as this program writes it, and as those do that write nothing beyond ASCII. */
const needlesOf = (id: string): readonly Buffer[] => {
  const text = JSON.stringify(id);
  const escaped = text.replaceAll(/\P{ASCII}/gu, (letter) =>
    [...Array(letter.length).keys()]
      .map((unit) => `\\u${letter.charCodeAt(unit).toString(16).padStart(4, "0")}`)
      .join(""),
  );
  return escaped === text ? [Buffer.from(text)] : [Buffer.from(text), Buffer.from(escaped)];
};

const recordAt = async (file: FsFile, at: number, id: string): Promise<JsonObject | undefined> => {
  const text = await lineAround(file, at);
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) && value["custom_id"] === id ? value : undefined;
  } catch {
    // The last line of a run that is writing may not be whole yet.
    return undefined;
  }
};

const newline = 0x0a;
const stepBytes = 64 * 1024;

const lineAround = async (file: FsFile, at: number): Promise<string> => {
  const parts: Buffer[] = [];
  for (let end = at; end > 0;) {
    const part = await readPart(file, Math.max(0, end - stepBytes), end);
    const before = part.lastIndexOf(newline);
    parts.unshift(part.subarray(before + 1));
    if (before !== -1) break;
    end -= part.length;
  }
  for (let begin = at; ; begin += stepBytes) {
    const part = await readPart(file, begin, begin + stepBytes);
    const after = part.indexOf(newline);
    parts.push(after === -1 ? part : part.subarray(0, after));
    if (after !== -1 || part.length < stepBytes) break;
  }
  return Buffer.concat(parts).toString("utf8");
};

const readPart = async (file: FsFile, begin: number, end: number): Promise<Buffer> => {
  const part = Buffer.alloc(end - begin);
  return part.subarray(0, await file.read(part, begin));
};
