import { isAscii, isUtf8 } from "node:buffer";
import { readBytes } from "./bytes.ts";
import type { InputFormat } from "./format.ts";
import { InputError } from "./input-error.ts";
import { splitLines } from "./lines.ts";
import type { InputFile } from "./records.ts";

/** The encoding that a name means, as `TextDecoder` calls it. @throws InputError when there is none of that name */
export const knownEncoding = (name: string): string => {
  try {
    return new TextDecoder(name).encoding;
  } catch {
    throw new InputError(`the encoding ${JSON.stringify(name)} is not known`, {
      notes: [
        "known are utf-8, gbk, gb18030, big5, shift_jis, euc-kr, utf-16le, windows-1252 and the others of the web",
      ],
    });
  }
};

/** The encoding that a byte order mark says. */
export const markedEncoding = (head: Uint8Array): string | undefined => {
  if (head[0] === 0xff && head[1] === 0xfe) return "utf-16le";
  return head[0] === 0xfe && head[1] === 0xff ? "utf-16be" : undefined;
};

/**
 * Finds out how the letters of a table are written: as UTF-8, else in GB18030, which has those of GBK and is what Excel
 * writes in China. A file of UTF-8 with some broken lines stays one of UTF-8, so that those lines are named.
 */
export const detectEncoding = async (file: InputFile, signal?: AbortSignal): Promise<string> => {
  if (!mayBeChinese.has(file.format) || (await isWhollyUtf8(file, signal))) return "utf-8";
  let [utf8, other] = [0, 0];
  const lines = splitLines(readBytes({ ...file, signal }), { ...file, longLines: "marked" });
  for await (const batch of lines) {
    for (const { bytes } of batch) {
      if (isAscii(bytes)) continue;
      if (isUtf8(bytes)) utf8 += 1;
      else other += 1;
    }
    if (utf8 + other > enoughLines) break;
  }
  return other > utf8 ? "gb18030" : "utf-8";
};

const mayBeChinese: ReadonlySet<InputFormat> = new Set(["csv", "tsv"]);

/** So many lines with letters beyond ASCII say what all of them are written in. */
const enoughLines = 10_000;

/** Looks at whole pieces, cut where no letter is cut, which is a hundred times as fast as looking at lines. */
const isWhollyUtf8 = async (file: InputFile, signal?: AbortSignal): Promise<boolean> => {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of readBytes({ ...file, signal })) {
    const cut = letterStart(chunk);
    const whole = chunk.subarray(0, cut);
    if (!isUtf8(rest.length === 0 ? whole : Buffer.concat([rest, whole]))) return false;
    rest = Buffer.from(chunk.subarray(cut));
  }
  return isUtf8(rest);
};

/** Where the last letter of a piece begins, if it may not be whole. */
const letterStart = (chunk: Buffer): number => {
  for (let back = 1; back <= 3 && back <= chunk.length; back++) {
    const byte = chunk[chunk.length - back] ?? 0;
    if (byte >= 0xc0) return chunk.length - back;
    if (byte < 0x80) break;
  }
  return chunk.length;
};
