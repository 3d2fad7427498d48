import { createGunzip } from "node:zlib";
import { Readable, pipeline } from "node:stream";
import { readChunks } from "./chunks.ts";
import { InputError } from "./input-error.ts";
import type { RecordOptions } from "./records.ts";

/** What of a file says how its bytes become text. */
type TextFile = Pick<RecordOptions, "path" | "name" | "fs" | "isPacked" | "encoding" | "signal">;

/** Reads a file piece by piece, unpacked and in UTF-8. Letters that are none become bytes that are not UTF-8. @throws InputError */
export const readBytes = (file: TextFile, chunkBytes?: number): AsyncGenerator<Buffer> => {
  const chunks = readChunks(file.path, { ...file, ...(chunkBytes === undefined ? {} : { chunkBytes }) });
  const unpacked = file.isPacked ? gunzipped(chunks, file.name) : chunks;
  return file.encoding === "utf-8" ? unpacked : inUtf8(unpacked, file.encoding);
};

async function* gunzipped(chunks: AsyncGenerator<Buffer>, name: string): AsyncGenerator<Buffer> {
  const packed = Readable.from(chunks);
  const gunzip = createGunzip({ chunkSize: 256 * 1024 });
  let reading: unknown;
  packed.once("error", (error) => (reading = error));
  pipeline(packed, gunzip, () => {});
  let unpackedBytes = 0;
  try {
    for await (const chunk of gunzip) {
      unpackedBytes += (chunk as Buffer).length;
      yield chunk as Buffer;
    }
  } catch (error) {
    throw reading ?? notUnpacked(name, unpackedBytes, error);
  } finally {
    packed.destroy();
    gunzip.destroy();
  }
}

const notUnpacked = (name: string, bytes: number, cause: unknown): InputError => {
  const code = cause instanceof Error && "code" in cause ? cause.code : "";
  const what = code === "Z_BUF_ERROR" ? "the packed data ends too early" : "the packed data is damaged";
  return new InputError(`cannot read ${name}: ${what}, after ${bytes.toLocaleString("en")} bytes of its content`, {
    exitCode: 6,
    notes: ["nothing was sent", "copy or download the file again; gzip -t tests it"],
    cause,
  });
};

/** Marks what is no letter by a byte that UTF-8 never has, so that it is found where it stands. */
async function* inUtf8(chunks: AsyncGenerator<Buffer>, encoding: string): AsyncGenerator<Buffer> {
  const decoder = new TextDecoder(encoding);
  for await (const chunk of chunks) yield encoded(decoder.decode(chunk, { stream: true }));
  yield encoded(decoder.decode());
}

const encoded = (text: string): Buffer => {
  const bytes = Buffer.from(text, "utf8");
  return text.includes(noLetter) ? broken(bytes) : bytes;
};

const noLetter = "\uFFFD";
const noLetterBytes = Buffer.from(noLetter);

const broken = (bytes: Buffer): Buffer => {
  for (let at = bytes.indexOf(noLetterBytes); at !== -1; at = bytes.indexOf(noLetterBytes, at + 3)) {
    bytes.fill(0xff, at, at + 3);
  }
  return bytes;
};
