import type { Ledger } from "./ledger.ts";

const piece = 1000;

/** The ledger as JSON in pieces: two million entries are more than one string can hold. */
export const ledgerJson = function* ({ entries, ...counts }: Ledger): Generator<string> {
  yield `${JSON.stringify(counts).slice(0, -1)},"entries":[`;
  for (let start = 0; start < entries.length; start += piece) {
    const text = JSON.stringify(entries.slice(start, start + piece)).slice(1, -1);
    yield start === 0 ? text : `,${text}`;
  }
  yield "]}\n";
};
