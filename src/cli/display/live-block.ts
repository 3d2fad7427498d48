import stringWidth from "string-width";

/** The part of a terminal that a block needs. */
export interface Terminal {
  readonly columns?: number;
  readonly rows?: number;
  write(text: string): unknown;
}

/** Some lines at the bottom of a terminal that are drawn over again and again. */
export class LiveBlock {
  readonly #terminal: Terminal;
  #lines: readonly string[] = [];

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  draw(lines: readonly string[]): void {
    const start = this.#lines.length === 0 ? hideCursor : "";
    this.#terminal.write(
      `${start}${this.#home()}${lines.map((line) => `${line}${clearRight}\n`).join("")}${clearBelow}`,
    );
    this.#lines = lines;
  }

  /** Takes the block away and shows the cursor again. */
  clear(): void {
    if (this.#lines.length === 0) return;
    this.#terminal.write(`${this.#home()}${clearBelow}${showCursor}`);
    this.#lines = [];
  }

  /** Back to the first line of the block; a terminal that became narrower has wrapped its lines. */
  #home(): string {
    const columns = this.#terminal.columns ?? Number.POSITIVE_INFINITY;
    const rows = this.#lines.reduce((sum, line) => sum + Math.max(1, Math.ceil(stringWidth(line) / columns)), 0);
    return rows === 0 ? "" : `\u001b[${rows}F`;
  }
}

const hideCursor = "\u001b[?25l";
const showCursor = "\u001b[?25h";
const clearRight = "\u001b[K";
const clearBelow = "\u001b[J";
