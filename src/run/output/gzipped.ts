import { pipeline, Readable } from "node:stream";
import { createGzip } from "node:zlib";

/** The same bytes, packed. */
export async function* gzipped(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const gzip = createGzip();
  pipeline(Readable.from(copied(chunks)), gzip, () => {});
  for await (const packed of gzip) yield packed as Buffer;
}

/** A piece is valid only until the next is asked for, and a stream asks ahead. */
async function* copied(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) yield Buffer.from(chunk);
}
