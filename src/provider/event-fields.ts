/** Who gets what of a stream of events. */
export interface EventFieldsOptions {
  /** Takes text that makes events. */
  readonly pass: (text: string) => void;
  /** Takes any other line, whole, but for what is no news to anybody: comments, ids and retry times. */
  readonly tell: (line: string) => void;
  /** The longest of the other lines. */
  readonly maxLength: number;
}

/**
 * Divides a stream, however it is cut, into what makes events, which are the fields `data` and `event` and the blank lines
 * between, and other lines. The parser would make an error with a stack of each line that it does not know: minutes for
 * a stream of nothing else.
 */
export const createEventFields = (options: EventFieldsOptions): ((text: string) => void) => {
  const fields = new EventFields(options);
  return (text) => fields.feed(text);
};

class EventFields {
  readonly #options: EventFieldsOptions;
  /** What the line is that a text has left unfinished. */
  #line: "none" | "begun" | "field" | "other" = "none";
  #kept: string[] = [];
  #length = 0;

  constructor(options: EventFieldsOptions) {
    this.#options = options;
  }

  feed(text: string): void {
    let [passed, at] = [0, 0];
    while (at < text.length) {
      const end = text.indexOf("\n", at) + 1;
      const next = end === 0 ? text.length : end;
      if (this.#line === "field" || (this.#line === "none" && isField(text, at))) {
        this.#line = end === 0 ? "field" : "none";
      } else {
        this.#passOn(text, passed, at);
        this.#take(text.slice(at, next), end > 0);
        passed = next;
      }
      at = next;
    }
    this.#passOn(text, passed, at);
  }

  #passOn(text: string, from: number, to: number): void {
    if (from < to) this.#options.pass(text.slice(from, to));
  }

  /** Takes a piece of a line that is no field, or of which it is not known yet. */
  #take(piece: string, ends: boolean): void {
    this.#hold(piece);
    if (this.#line === "none") this.#line = "begun";
    if (this.#line === "begun" && (ends || this.#length >= enough)) this.#decide();
    if (!ends) return;
    if (this.#line === "other") this.#tell(this.#released().slice(0, -1));
    this.#line = "none";
  }

  #decide(): void {
    const begun = this.#released();
    this.#line = isField(begun, 0) ? "field" : "other";
    if (this.#line === "field") this.#options.pass(begun);
    else this.#hold(begun);
  }

  #tell(line: string): void {
    if (!unheard.test(line)) this.#options.tell(line);
  }

  #hold(piece: string): void {
    const { maxLength } = this.#options;
    this.#kept.push(piece);
    this.#length += piece.length;
    if (this.#length > maxLength) throw new RangeError(`A line of the stream is longer than ${maxLength} characters`);
  }

  #released(): string {
    const whole = this.#kept.length === 1 ? (this.#kept[0] ?? "") : this.#kept.join("");
    this.#kept = [];
    this.#length = 0;
    return whole;
  }
}

const isField = (text: string, at: number): boolean =>
  text.startsWith("data:", at) ||
  text.startsWith("\n", at) ||
  text.startsWith("event:", at) ||
  text.startsWith("data\n", at) ||
  text.startsWith("event\n", at);

/** So many characters tell what a line is. */
const enough = "event:".length;

const unheard = /^(?::|(?:id|retry)(?::|$))/;
