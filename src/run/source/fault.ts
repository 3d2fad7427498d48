import { InputError } from "./input-error.ts";

/** What is wrong with one line, for the message about it. */
export interface Fault {
  readonly name: string;
  readonly line: number;
  readonly what: string;
  readonly notes?: readonly string[];
  readonly cause?: unknown;
}

/** The failure of one line, found before anything was sent. */
export const lineFault = ({ name, line, what, notes = [], cause }: Fault): InputError =>
  new InputError(`${name} line ${line.toLocaleString("en")}: ${what}  (nothing was sent)`, { line, notes, cause });

/** The failure of a line whose bytes are no text. */
export const notUtf8 = (name: string, line: number, bytes: Uint8Array): InputError => {
  const utf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  const encoding = utf16 ? "utf-16" : "gb18030";
  const notes = [
    `${utf16 ? "it looks like UTF-16" : "for a file in GBK, as Excel in China writes it"}; convert it first:`,
    `iconv -f ${encoding} -t utf-8 in > out`,
  ];
  return lineFault({ name, line, what: "not valid UTF-8", notes });
};
