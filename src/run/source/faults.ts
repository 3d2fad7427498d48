import { excerpt } from "./excerpt.ts";
import { placeText, unitOf } from "./fault.ts";
import { InputError } from "./input-error.ts";
import type { InputFile, InputRecord } from "./records.ts";

/** So many are shown; all of them are counted. */
const maxShown = 20;

/** Collects what is wrong with the rows of an input, so that all of it is told at once. */
export class Faults {
  readonly #shown: ShownFault[] = [];
  #count = 0;
  #canSkip = true;

  get count(): number {
    return this.#count;
  }

  add(error: InputError, file: InputFile, record: InputRecord): void {
    this.#count += 1;
    if (this.#shown.length === maxShown) return;
    this.#shown.push({
      error,
      place: placeText({ name: file.name, line: error.line ?? record.line, unit: unitOf(file.format) }),
      ...(record.offset === undefined ? {} : { offset: record.offset }),
      text: beginningOf(record),
    });
  }

  /** Adds the fault behind which nothing can be read. */
  addLast(error: InputError, { name }: InputFile): void {
    this.#count += 1;
    this.#canSkip = false;
    this.#shown.push({
      error,
      place: error.line === undefined ? name : placeText({ name, line: error.line }),
      text: "",
    });
  }

  /** All of them as one error. @param rows how many were read: where none is right, there is nothing to go on with */
  error(rows: number = Infinity): InputError {
    if (this.#count === rows) this.#canSkip = false;
    const [first] = this.#shown;
    if (first === undefined) throw new TypeError("Cannot make an error of no faults");
    const { line, exitCode, headline } = first.error;
    const said = { ...(line === undefined ? {} : { line }), exitCode, what: first.error.what, cause: first.error };
    if (this.#count === 1)
      return new InputError(headline, { ...said, notes: [...detailsOf(first), ...this.#advice(first)] });
    const count = this.#count.toLocaleString("en");
    return new InputError(`${count} rows of the input cannot be sent  (nothing was sent)`, {
      ...said,
      notes: this.#list(),
    });
  }

  #list(): string[] {
    const lines: string[] = [];
    let notesBefore = "";
    for (const fault of this.#shown) {
      const { error, place, offset } = fault;
      const at = offset === undefined ? "" : `, byte ${offset.toLocaleString("en")}`;
      const isSaid = !error.showsText && error.notes.join("\n") === notesBefore;
      const details = isSaid ? textOf(fault) : detailsOf(fault);
      lines.push(`${place}${at}: ${error.what}`, ...details.map((detail) => `  ${detail}`));
      notesBefore = error.notes.join("\n");
    }
    const more = this.#count - this.#shown.length;
    return [...lines, ...(more > 0 ? [`and ${more.toLocaleString("en")} more`] : []), ...this.#advice()];
  }

  #advice(only?: ShownFault): string[] {
    const at = only?.offset === undefined ? [] : [`begins at byte ${only.offset.toLocaleString("en")}`];
    const others = `run the others without ${only === undefined ? "these" : "it"}:  --input-errors skip`;
    const said = this.#canSkip ? [...at, others] : at;
    return said.length === 0 ? [] : [said.join("; ")];
  }
}

interface ShownFault {
  readonly error: InputError;
  readonly place: string;
  readonly offset?: number;
  readonly text: string;
}

const textOf = ({ error, text }: ShownFault): string[] => (error.showsText || text === "" ? [] : [text]);

const detailsOf = (fault: ShownFault): string[] => [...textOf(fault), ...fault.error.notes];

const beginningOf = (record: InputRecord): string =>
  excerpt(Buffer.from(record.raw().subarray(0, 400)).toString("utf8"));
