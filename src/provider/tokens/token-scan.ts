import { kindOf, kinds } from "./character-kinds.ts";
import { type ScanState, type ScanStep, stepFrom } from "./scan-states.ts";

/** Room for every kind twice: for a character as such, and for one that repeats the one before it. */
const rowBits = 6;
const repeated = 1 << (rowBits - 1);

/** The states as a table, so that a character takes one look-up and no decision. */
export interface ScanTable {
  readonly next: Uint16Array;
  readonly tokens: Float64Array;
}

const unused: ScanStep = [{ piece: "start" }, 0];

/** The table of all states that a text can reach, some 160. */
export const scanTable = (weights: Float64Array): ScanTable => {
  const states: ScanState[] = [{ piece: "start" }];
  const indexes = new Map([["start", 0]]);
  const next: number[] = [];
  const tokens: number[] = [];
  // The list grows while it is walked.
  for (const state of states) {
    for (let column = 0; column < 2 * repeated; column++) {
      const kind = column % repeated;
      const isKind = kind <= kinds.otherLetter;
      const [after, added] = isKind ? stepFrom(state, kind, column >= repeated, weights) : unused;
      const key = Object.values(after).join();
      const index = indexes.get(key) ?? states.push(after) - 1;
      indexes.set(key, index);
      next.push(index);
      tokens.push(added);
    }
  }
  return { next: Uint16Array.from(next), tokens: Float64Array.from(tokens) };
};

/** How many tokens a text has by the table. */
export const scanText = (text: string, { next, tokens }: ScanTable): number => {
  const kindAt = kindOf;
  let state = 0;
  let before = 0;
  let sum = 0;
  for (let at = 0; at < text.length; at++) {
    const character = text.charCodeAt(at);
    const column = (kindAt[character] ?? 0) | (character === before ? repeated : 0);
    const cell = (state << rowBits) | column;
    sum += tokens[cell] ?? 0;
    state = next[cell] ?? 0;
    before = character;
  }
  return sum;
};
