import { isUtf8 } from "node:buffer";
import { lineFault } from "./fault.ts";
import type { InputError } from "./input-error.ts";
import type { Line } from "./lines.ts";
import type { RecordOptions } from "./records.ts";

/** The failure of a line whose bytes are no text, if they are none. */
export const notText = (
  line: Line,
  { name, encoding }: Pick<RecordOptions, "name" | "encoding">,
): InputError | undefined => {
  if (!line.isUtf8) return notDecoded(line, name, encoding);
  if (!line.bytes.includes(0)) return undefined;
  const at = line.offset + line.bytes.indexOf(0);
  const what = `a NUL byte at byte ${at.toLocaleString("en")}: is it a file of text?`;
  return lineFault({ name, line: line.number, what });
};

/** The failure of a line whose bytes are no letters, with the byte. */
export const notDecoded = (
  { number: line, bytes, offset }: Pick<Line, "number" | "bytes" | "offset">,
  name: string,
  encoding: string,
): InputError => {
  if (encoding !== "utf-8") return lineFault({ name, line, what: `not valid ${encoding.toUpperCase()}` });
  const at = offset + firstBadByte(bytes);
  const what = `not valid UTF-8 at byte ${at.toLocaleString("en")}`;
  return lineFault({
    name,
    line,
    what,
    notes: ["if the file is in GBK, as Excel in China writes it:  --encoding gbk"],
  });
};

/** Where the longest beginning ends that is UTF-8: up to three bytes of it may be a letter's beginning. */
const firstBadByte = (bytes: Uint8Array): number => {
  let [good, bad] = [0, bytes.length];
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    if (isUtf8(bytes.subarray(0, letterStart(bytes, middle)))) good = middle;
    else bad = middle;
  }
  return letterStart(bytes, good);
};

/** The beginning of the letter that a place may be inside of. */
const letterStart = (bytes: Uint8Array, place: number): number => {
  let start = place;
  for (let steps = 0; steps < 3 && start > 0 && ((bytes[start] ?? 0) & 0xc0) === 0x80; steps++) start--;
  return ((bytes[start] ?? 0) & 0xc0) === 0x80 ? place : start;
};
