import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CellReader, cellsOf, delimiterOf } from "./cell-reader.ts";

const comma = { delimiter: ",", relaxed: false };

/** The rows of a text, each from as many lines as it needs; nothing when one of them is broken or left open. */
const rowsOf = (text: string): (readonly string[])[] | undefined => {
  const rows: (readonly string[])[] = [];
  let [reader, state] = [new CellReader(comma), "whole"];
  for (const line of text.split("\n")) {
    state = reader.take(line, "\n");
    if (state === "broken") return undefined;
    if (state === "open") continue;
    rows.push(reader.cells);
    reader = new CellReader(comma);
  }
  return state === "whole" ? rows : undefined;
};

const rowsByOther = (text: string): (readonly string[])[] | undefined => {
  try {
    return parse(`${text}\n`, { relax_column_count: true, record_delimiter: "\n" });
  } catch {
    return undefined;
  }
};

describe("CellReader", () => {
  it("reads what another reader of CSV reads, and refuses what that one refuses", () => {
    const piece = fc.constantFrom("a", "é", ",", '"', '""', "\n", '"a"', '"a,b"', '"x\ny"');
    fc.assert(
      fc.property(fc.array(piece, { minLength: 1, maxLength: 12 }), (pieces) => {
        const text = pieces.join("");
        expect(rowsOf(text)).toEqual(rowsByOther(text));
      }),
      { numRuns: 3000 },
    );
  });

  it("takes a quote that belongs nowhere as a letter where it is told to", () => {
    const style = { delimiter: "\t", relaxed: true };
    expect(cellsOf('5" disk\t"a"b\t"c\td"', style)).toEqual(['5" disk', '"a"b', "c\td"]);
  });

  it("has no cells for a line that is only a part of a row", () => {
    expect([cellsOf('a,"b', comma), cellsOf('a,"b"c', comma)]).toEqual([undefined, undefined]);
  });
});

describe("delimiterOf", () => {
  it("is what a header has most of, outside of quotes, and a comma when it has none", () => {
    const headers = ["a,b;c,d", "a;b;c,d", '"a,b,c";d', "a\tb", "one", "a;b,c"];
    expect(headers.map(delimiterOf)).toEqual([",", ";", ";", "\t", ",", ","]);
  });
});
