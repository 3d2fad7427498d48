/** One element of a JSON list, unparsed. */
export interface ListElement {
  /** The line where it begins, from 1. */
  readonly number: number;
  /** The byte where it begins. */
  readonly offset: number;
  readonly bytes: Buffer;
  /** Whether it is longer than elements may be, so that only its beginning is here. */
  readonly isTooLong: boolean;
}

/** Where a list stops being one, so that nothing behind it can be told apart. */
export interface ListFault {
  readonly line: number;
  readonly what: string;
}

/** What must come next; `inside` of an element everything may. */
type Expected = "list" | "element or ]" | "element" | "inside" | "comma or ]" | "end";

/** Divides the bytes of a JSON list into its elements, wherever the bytes are cut; knows nothing of what stands in them. */
export class ListSplitter {
  readonly #maxBytes: number;
  #expected: Expected = "list";
  #fault: ListFault | undefined;
  #line = 1;
  /** The byte where the piece in hand begins. */
  #offset = 0;
  /** The brackets that are open in the element. */
  #open: number[] = [];
  #inString = false;
  #escaped = false;
  /** The element: what of it stood in earlier pieces, and where it begins. */
  #pieces: Buffer[] = [];
  #length = 0;
  #start = { number: 1, offset: 0 };

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** The elements that end in this piece; they stop where the list is at fault. */
  push(chunk: Buffer): { readonly elements: readonly ListElement[]; readonly fault?: ListFault } {
    const elements: ListElement[] = [];
    let start = 0;
    for (let at = this.#afterMark(chunk); at < chunk.length && this.#fault === undefined; at++) {
      const byte = chunk[at] ?? 0;
      if (this.#expected === "inside") {
        const goesOn = this.#inside(byte);
        if (goesOn === "ended before") elements.push(this.#end(chunk.subarray(start, at)));
        else if (goesOn === "ended") {
          elements.push(this.#end(chunk.subarray(start, at + 1)));
          continue;
        }
      }
      if (this.#expected === "inside") this.#line += byte === newline ? 1 : 0;
      else if (this.#between(byte, this.#offset + at)) start = at;
    }
    if (this.#expected === "inside") this.#keep(chunk.subarray(start));
    this.#offset += chunk.length;
    return this.#fault === undefined ? { elements } : { elements, fault: this.#fault };
  }

  /** What is wrong when nothing follows. */
  end(): ListFault | undefined {
    if (this.#fault !== undefined || this.#expected === "end" || this.#expected === "list") return this.#fault;
    const { number: line } = this.#start;
    return {
      line: this.#expected === "inside" ? line : this.#line,
      what: "the file ends before the list does: is it cut off?",
    };
  }

  #afterMark(chunk: Buffer): number {
    return this.#offset === 0 && chunk.subarray(0, 3).equals(byteOrderMark) ? 3 : 0;
  }

  /** Takes a byte between elements; says whether an element begins there. */
  #between(byte: number, offset: number): boolean {
    if (byte === newline) this.#line += 1;
    if (byte === newline || byte === 0x20 || byte === 0x09 || byte === 0x0d) return false;
    if (this.#expected === "list" && byte === openBracket) this.#expected = "element or ]";
    else if (byte === closeBracket && (this.#expected === "element or ]" || this.#expected === "comma or ]"))
      this.#expected = "end";
    else if (byte === comma && this.#expected === "comma or ]") this.#expected = "element";
    else if (this.#isBeginning(byte)) {
      this.#expected = "inside";
      this.#start = { number: this.#line, offset };
      this.#inside(byte);
      return true;
    } else this.#refuse(byte);
    return false;
  }

  #isBeginning(byte: number): boolean {
    const isAwaited = this.#expected === "element or ]" || this.#expected === "element";
    return isAwaited && byte !== comma && byte !== closeBracket && byte !== closeBrace;
  }

  /** Takes a byte of an element; a number or a word ends before a byte that is none of it. */
  #inside(byte: number): "goes on" | "ended" | "ended before" {
    if (this.#inString) return this.#inText(byte);
    if (byte === quote) this.#inString = true;
    else if (byte === openBrace || byte === openBracket) this.#deeper(byte);
    else if (byte === closeBrace || byte === closeBracket) {
      if (this.#open.length === 0) return "ended before";
      if (this.#open.pop() === byte) return this.#open.length === 0 ? "ended" : "goes on";
      const { number: line } = this.#start;
      this.#fault = {
        line,
        what: `the row that begins here is closed by the wrong bracket on line ${this.#line.toLocaleString("en")}`,
      };
    } else if (this.#open.length === 0 && (byte === comma || byte <= 0x20)) return "ended before";
    return "goes on";
  }

  #deeper(byte: number): void {
    if (this.#open.length < deepest) this.#open.push(byte + 2);
    else
      this.#fault = {
        line: this.#start.number,
        what: "the row that begins here has more brackets open than any row can have",
      };
  }

  #inText(byte: number): "goes on" | "ended" {
    if (this.#escaped) this.#escaped = false;
    else if (byte === backslash) this.#escaped = true;
    // No text goes over a line: one that is never closed must not swallow the rows behind it.
    else if (byte === quote || byte === newline) {
      this.#inString = false;
      return this.#open.length === 0 && byte === quote ? "ended" : "goes on";
    }
    return "goes on";
  }

  #keep(piece: Buffer): void {
    this.#length += piece.length;
    if (this.#length <= this.#maxBytes) this.#pieces.push(piece);
    // A copy, so that the chunk around a beginning need not be kept.
    else this.#pieces = [Buffer.from((this.#pieces[0] ?? piece).subarray(0, keptOfLong))];
  }

  #end(last: Buffer): ListElement {
    this.#keep(last);
    const element = { ...this.#start, bytes: Buffer.concat(this.#pieces), isTooLong: this.#length > this.#maxBytes };
    this.#pieces = [];
    this.#length = 0;
    this.#expected = "comma or ]";
    return element;
  }

  #refuse(byte: number): void {
    const found = byte > 0x20 && byte < 0x7f ? String.fromCharCode(byte) : "bytes that belong to no JSON";
    this.#fault = { line: this.#line, what: `the list goes wrong here: ${wanted[this.#expected]}, not ${found}` };
  }
}

const newline = 0x0a;
const quote = 0x22;
const comma = 0x2c;
const backslash = 0x5c;
const [openBracket, closeBracket] = [0x5b, 0x5d];
const [openBrace, closeBrace] = [0x7b, 0x7d];
const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf]);

/** So many open brackets are remembered: far more than a row may have, which is told of a row that ends. */
const deepest = 1_000_000;

/** What is kept of an element that is too long. */
const keptOfLong = 1024;

const wanted: Readonly<Record<Expected, string>> = {
  list: "a list must begin with [",
  "element or ]": "a row or ] must follow",
  element: "a row must follow the comma",
  inside: "",
  "comma or ]": "a comma or ] must follow a row",
  end: "nothing may follow the list",
};
