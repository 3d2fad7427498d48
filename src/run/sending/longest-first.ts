import { classLimit, DurationClasses } from "./duration-classes.ts";
import { type Pass, planPasses } from "./plan-passes.ts";
import type { Row } from "../source/row.ts";
import type { Source } from "../source/source.ts";

/**
 * Gives the rows of a source in the order in which all of them end soonest: what is expected to take longest comes first.
 * Longest processing time first (Graham 1969), in classes a factor of two wide: each pass reads the input once more,
 * so that a byte a row is all that is kept. Within a pass rows keep their order.
 */
export const longestFirst = (source: Source): Source => {
  let classes: Uint8Array = new Uint8Array();
  return {
    format: source.format,
    invalidRows: (index, signal) => source.invalidRows(index, signal),
    columns: (rows, signal) => source.columns(rows, signal),
    async validate(signal, onRow) {
      const durations = new DurationClasses();
      const index = await source.validate(signal, (row) => {
        durations.add(row.body, row.operation);
        onRow?.(row);
      });
      classes = durations.finish();
      return index;
    },
    rows(index, skip, signal) {
      const passes = planPasses(countsOf(classes, skip));
      const read = ({ least, most }: Pass): AsyncGenerator<Row> => {
        const isOther = (row: number): boolean => {
          const place = classes[row] ?? 0;
          return place < least || place > most || skip(row);
        };
        return source.rows(index, isOther, signal);
      };
      const [only] = passes;
      return passes.length === 1 && only !== undefined ? read(only) : inPasses(passes, read);
    },
  };
};

async function* inPasses(passes: readonly Pass[], read: (pass: Pass) => AsyncGenerator<Row>): AsyncGenerator<Row> {
  for (const pass of passes) yield* read(pass);
}

/** Rows that are done need no pass of their own. */
const countsOf = (classes: Uint8Array, skip: (row: number) => boolean): readonly number[] => {
  const counts = Array.from({ length: classLimit }, () => 0);
  for (let row = 0; row < classes.length; row++) {
    const place = classes[row] ?? 0;
    if (!skip(row)) counts[place] = (counts[place] ?? 0) + 1;
  }
  return counts;
};
