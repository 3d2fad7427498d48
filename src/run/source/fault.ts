import type { InputFormat } from "./format.ts";
import { InputError } from "./input-error.ts";

/** Where a row stands. */
export interface Place {
  /** What messages call the file. */
  readonly name: string;
  readonly line: number;
  /** What `line` counts. @default 'line' */
  readonly unit?: "line" | "row";
}

/** What is wrong with one line, for the message about it. */
export interface Fault extends Place {
  readonly what: string;
  readonly notes?: readonly string[];
  /** Whether the notes show the text at fault. @default false */
  readonly showsText?: boolean;
  readonly cause?: unknown;
}

/** What the places of rows are counted in: a table of Parquet has no lines. */
export const unitOf = (format: InputFormat): "line" | "row" => (format === "parquet" ? "row" : "line");

/** A place in words: `in.jsonl line 1,024`. */
export const placeText = ({ name, line, unit = "line" }: Place): string =>
  `${name} ${unit} ${line.toLocaleString("en")}`;

/** The failure of one line, found before anything was sent. */
export const lineFault = ({ what, notes = [], showsText = false, cause, ...place }: Fault): InputError =>
  new InputError(`${placeText(place)}: ${what}  (nothing was sent)`, {
    line: place.line,
    what,
    notes,
    showsText,
    cause,
  });

/** The failure of a line that is longer than lines may be. */
export const tooLong = (name: string, line: number, maxLineBytes: number): InputError =>
  lineFault({
    name,
    line,
    what: `longer than ${maxLineBytes.toLocaleString("en")} bytes`,
    notes: ["each line must be one row; a file of JSON over several lines can be rewritten with: jq -c ."],
  });
