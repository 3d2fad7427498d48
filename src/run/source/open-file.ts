import type { Fs } from "../files/fs.ts";
import { readBytes } from "./bytes.ts";
import { openToRead } from "./chunks.ts";
import { detectEncoding, knownEncoding, markedEncoding } from "./encoding.ts";
import { checkEnding, formatOf, type InputFormat } from "./format.ts";
import { InputError } from "./input-error.ts";
import { splitLines } from "./lines.ts";
import type { InputFile } from "./records.ts";
import { missingFile, unreadable } from "./unreadable.ts";

/** A file that is to be read, and what is said of it. */
export interface FileQuestion {
  readonly path: string;
  readonly name: string;
  readonly fs: Fs;
  readonly format: "auto" | InputFormat;
  /** In the words of `TextDecoder`, or `auto`. */
  readonly encoding: string;
  readonly maxLineBytes: number;
  /** The columns that a template needs: a first line that names them all is a header. */
  readonly needed: readonly string[];
  /** All columns that are used, if the rest of a row is not. */
  readonly columns?: readonly string[];
  readonly warn: (message: string) => void;
}

/** Finds out how a file is to be read. @throws InputError when it cannot be */
export const openInputFile = async (question: FileQuestion): Promise<InputFile> => {
  const { path, name, fs, maxLineBytes, columns, warn } = question;
  await checkReadable(path, name, fs);
  if (question.format === "auto") checkEnding(path, name);
  const head = await headOf(path, name, fs);
  const isPacked = head[0] === 0x1f && (head[1] ?? 0x8b) === 0x8b;
  if (/\.gz$/i.test(path) && head.length === 0) throw emptyPacked(name);
  const said = question.encoding === "auto" ? undefined : knownEncoding(question.encoding);
  const asBytes = { path, name, fs, isPacked, encoding: "utf-8", format: "text" as const, maxLineBytes };
  const encoding = said ?? markedEncoding(await firstBytes(asBytes)) ?? "utf-8";
  const format = await formatFound(question, head, { ...asBytes, encoding });
  if (format === "parquet" && isPacked) throw packedTable(name);
  const file = { ...asBytes, encoding, format, ...(columns === undefined ? {} : { columns }) };
  if (said !== undefined || encoding !== "utf-8") return file;
  const found = await detectEncoding(file);
  if (found !== "utf-8") warn(`${name} is not UTF-8; it is read as ${found.toUpperCase()} (--encoding says otherwise)`);
  return { ...file, encoding: found };
};

const checkReadable = async (path: string, name: string, fs: Fs): Promise<void> => {
  const found = await fs.stat(path).catch((error: unknown) => {
    throw unreadable(name, error);
  });
  if (found === undefined) throw await missingFile(path, name, fs);
  if (found.kind === "folder") throw unreadable(name, Object.assign(new Error("directory"), { code: "EISDIR" }));
  if (found.kind === "file") return;
  throw new InputError(`cannot read ${name}: it is not a file, and the input is read twice`, {
    exitCode: 6,
    notes: ["give it as standard input instead: … | sluice run -"],
  });
};

const headOf = async (path: string, name: string, fs: Fs): Promise<Uint8Array> => {
  const file = await openToRead(path, name, fs);
  try {
    const head = new Uint8Array(4);
    return head.subarray(0, await file.read(head, 0));
  } catch (error) {
    throw unreadable(name, error);
  } finally {
    await file.close();
  }
};

const firstBytes = async (file: InputFile): Promise<Buffer> => {
  for await (const chunk of readBytes(file, headBytes)) if (chunk.length > 0) return chunk;
  return Buffer.alloc(0);
};

const headBytes = 64 * 1024;

const formatFound = async (question: FileQuestion, head: Uint8Array, file: InputFile): Promise<InputFormat> => {
  const { path, name, format, needed: columns } = question;
  if (format !== "auto") return format;
  if (Buffer.from(head).toString("latin1") === "PAR1") return "parquet";
  return formatOf({ path, name, columns, firstLine: await firstLine(file) });
};

const firstLine = async (file: InputFile): Promise<string> => {
  const { name, maxLineBytes } = file;
  for await (const lines of splitLines(readBytes(file, headBytes), { name, maxLineBytes, longLines: "marked" })) {
    const line = lines.find(({ isBlank }) => !isBlank);
    if (line !== undefined) return line.text.trim();
  }
  return "";
};

const emptyPacked = (name: string): InputError =>
  new InputError(`cannot read ${name}: the packed data ends too early: the file is empty`, { exitCode: 6 });

const packedTable = (name: string): InputError =>
  new InputError(`cannot read ${name}: a Parquet file is packed inside, and cannot be read through gzip`, {
    exitCode: 6,
    notes: ["unpack it first: gunzip -k"],
  });
