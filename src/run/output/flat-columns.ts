import type { JsonObject, JsonValue } from "../../call/json.ts";
import { type Cell, type CellKind, cellOf, commonKind, kindOf } from "./cell.ts";
import { answeredObject, type FlatAnswer, type FlatMeta } from "./flat-answer.ts";

/** A column of a flat table. */
export interface FlatColumn {
  readonly name: string;
  readonly kind: CellKind;
}

/** What one flat row is made of. */
interface FlatRowParts {
  readonly input: JsonObject;
  readonly answer: FlatAnswer;
}

/** The columns of a flat table, and how a row fills them. */
export interface FlatTable {
  readonly columns: readonly FlatColumn[];
  readonly cells: (parts: FlatRowParts) => readonly Cell[];
}

/** Finds out which fields objects have, and what kind of values; in the order in which they are met. */
export class FieldKinds {
  readonly #kinds = new Map<string, CellKind | undefined>();
  readonly #most: number;
  #leftOut = 0;

  /** @param most how many fields are kept apart at most */
  constructor(most: number) {
    this.#most = most;
  }

  /** How often a field was one too many. */
  get leftOut(): number {
    return this.#leftOut;
  }

  add(fields: JsonObject): void {
    for (const [name, value] of Object.entries(fields)) {
      if (!this.#kinds.has(name) && this.#kinds.size >= this.#most) this.#leftOut += 1;
      else this.#kinds.set(name, commonKind(this.#kinds.get(name), kindOf(value)));
    }
  }

  /** A field that is always null is as good as a text. */
  list(): readonly FlatColumn[] {
    return [...this.#kinds].map(([name, kind = "text"]) => ({ name, kind }));
  }
}

/**
 * A table of the input's columns (or the ids where there is no input), the answer's fields (or `output` where answers
 * are no objects), and the outcome.
 */
export const flatTable = (input: FieldKinds | undefined, answer: FieldKinds | undefined): FlatTable => {
  const taken = new Set<string>();
  const made = [
    ...(input?.list().map((column) => inputColumn(column, taken)) ?? [idColumn(taken)]),
    ...(answer === undefined ? [outputColumn(taken)] : answer.list().map((column) => fieldColumn(column, taken))),
    ...metaColumns.map((column) => metaColumn(column, taken)),
  ];
  return {
    columns: made.map(({ column }) => column),
    cells: ({ input: fields, answer: given }) => {
      const object = (answer && given.output !== null && answeredObject(given.output)) || {};
      return made.map(({ column, value }) => cellOf(value(fields, given, object), column.kind));
    },
  };
};

/** Only some of a table's columns, in another order. */
export const pickColumns = ({ columns, cells }: FlatTable, names: readonly string[]): FlatTable => {
  const places = names.map((name) => columns.findIndex((column) => column.name === name));
  return {
    columns: places.flatMap((place) => columns[place] ?? []),
    cells: (parts) => {
      const all = cells(parts);
      return places.map((place) => all[place] ?? null);
    },
  };
};

interface MadeColumn {
  readonly column: FlatColumn;
  readonly value: (input: JsonObject, answer: FlatAnswer, object: JsonObject) => JsonValue | undefined;
}

const inputColumn = (column: FlatColumn, taken: Set<string>): MadeColumn => {
  taken.add(column.name.toLowerCase());
  return { column, value: (input) => ownField(input, column.name) };
};

const idColumn = (taken: Set<string>): MadeColumn => ({
  column: { name: freeName("custom_id", taken), kind: "text" },
  value: (_, { customId }) => customId,
});

const outputColumn = (taken: Set<string>): MadeColumn => ({
  column: { name: freeName("output", taken), kind: "text" },
  value: (_, { output }) => output,
});

const fieldColumn = ({ name, kind }: FlatColumn, taken: Set<string>): MadeColumn => ({
  column: { name: freeName(name, taken), kind },
  value: (_, __, object) => ownField(object, name),
});

const metaColumn = (column: FlatColumn & { readonly name: keyof FlatMeta }, taken: Set<string>): MadeColumn => ({
  column: { ...column, name: freeName(column.name, taken) },
  value: (_, { meta }) => meta[column.name],
});

const metaColumns: readonly (FlatColumn & { readonly name: keyof FlatMeta })[] = [
  { name: "_status", kind: "text" },
  { name: "_error", kind: "text" },
  { name: "_model", kind: "text" },
  { name: "_attempts", kind: "integer" },
  { name: "_latency_ms", kind: "integer" },
  { name: "_tokens_in", kind: "integer" },
  { name: "_tokens_out", kind: "integer" },
  { name: "_cost", kind: "number" },
];

/** The input's columns keep their names; ours give way: `output_2`. Databases tell no capitals apart. */
const freeName = (name: string, taken: Set<string>): string => {
  let free = name;
  for (let number = 2; taken.has(free.toLowerCase()); number++) free = `${name}_${number}`;
  taken.add(free.toLowerCase());
  return free;
};

const ownField = (fields: JsonObject, name: string): JsonValue | undefined =>
  Object.hasOwn(fields, name) ? fields[name] : undefined;
